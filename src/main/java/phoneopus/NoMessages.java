package phoneopus;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;

/**
 * Has no message, as the framework's own source where there is none: but that would first look
 * which languages Java knows, and nobody asks it anything.
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
