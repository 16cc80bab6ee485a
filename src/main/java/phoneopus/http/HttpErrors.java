package phoneopus.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Turns every HTTP error into a small JSON-RPC error without Java messages, classes or stack
 * traces.
 */
@RestController
@ConditionalOnWebApplication
@RestControllerAdvice
final class HttpErrors implements ErrorController {
    @ExceptionHandler
    ResponseEntity<String> refused(HttpRefusal refusal) {
        return refusal.response();
    }

    /** Handles what the server and the framework refuse. */
    @RequestMapping("${spring.web.error.path:/error}")
    ResponseEntity<String> error(HttpServletRequest request) {
        HttpStatus status =
                Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                        .map(Integer.class::cast)
                        .map(HttpStatus::resolve)
                        .orElse(HttpStatus.NOT_FOUND);
        return HttpRefusal.plain(status).response();
    }
}
