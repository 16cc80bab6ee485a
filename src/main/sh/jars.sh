# jars.sh FOLDER prints which jars there are, by their sizes and times: what a start-up cache is good for.
cd -P -- "$1" && stat -c '%n %s %Y' phone-opus.jar dependencies/*.jar
