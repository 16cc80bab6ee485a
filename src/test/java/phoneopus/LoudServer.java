package phoneopus;

import java.util.concurrent.locks.LockSupport;

/** A server whose process contains code that prints from its start to its end. */
final class LoudServer {

    static final String NOISE = "noise on stdout";

    private LoudServer() {}

    static void main(String[] args) {
        var atStart = System.out;
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (System.out == atStart) {
                        Thread.onSpinWait();
                    }
                    while (true) {
                        System.out.println(NOISE);
                        System.out.printf("%s, unfinished", NOISE);
                        LockSupport.parkNanos(1_000_000);
                    }
                });
        PhoneOpusApplication.main(args);
        System.out.println(NOISE + " after the start");
    }
}
