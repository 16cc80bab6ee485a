package phoneopus;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;

/**
 * An empty message source. The framework's own would first look up Java's languages, and nobody
 * asks it for a message.
 */
final class NoMessages implements MessageSource {
    @Override
    public @Nullable String getMessage(
            String code,
            @Nullable Object @Nullable [] values,
            @Nullable String otherwise,
            @Nullable Locale locale) {
        return otherwise;
    }

    @Override
    public String getMessage(
            String code, @Nullable Object @Nullable [] values, @Nullable Locale locale) {
        throw new NoSuchMessageException(code);
    }

    @Override
    public String getMessage(MessageSourceResolvable message, @Nullable Locale locale) {
        String otherwise = message.getDefaultMessage();
        if (otherwise == null) {
            throw new NoSuchMessageException(message.toString());
        }
        return otherwise;
    }
}
