package phoneopus.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;

/** Access over HTTP: with a keys file, everyone who has a key; without one, everyone. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class KeyConfiguration {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/-]+=*)");

    /** Also keeps the framework from creating a user with a generated password. */
    @Bean
    AuthenticationManager callers(CallerKeys keys) {
        return presented ->
                keys.owner(String.valueOf(presented.getCredentials()))
                        .map(name ->
                                UsernamePasswordAuthenticationToken.authenticated(
                                        name, null, List.of()))
                        .orElseThrow(() -> new BadCredentialsException("no such key"));
    }

    @Bean
    SecurityFilterChain guard(HttpSecurity http, CallerKeys keys, AuthenticationManager callers) {
        AuthenticationEntryPoint refusal =
                (_, response, _) -> {
                    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                    HttpRefusal.unauthorized().write(response);
                };
        // No cookies are used, so no other page can misuse one.
        http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(problems -> problems.authenticationEntryPoint(refusal));
        if (!keys.needed()) {
            return http.authorizeHttpRequests(all -> all.anyRequest().permitAll()).build();
        }
        AuthenticationFilter filter =
                new AuthenticationFilter(callers, KeyConfiguration::presented);
        filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(refusal));
        filter.setSuccessHandler((_, _, _) -> {});
        return http.addFilterBefore(filter, AuthorizationFilter.class)
                .authorizeHttpRequests(paths ->
                        paths.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll() // Their first dispatch was checked.
                                .requestMatchers("/actuator/health")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .build();
    }

    /** Null if no key is presented, or more than one. */
    private static @Nullable Authentication presented(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() != 1) {
            return null;
        }
        Matcher bearer = BEARER.matcher(headers.getFirst());
        return bearer.matches()
                ? UsernamePasswordAuthenticationToken.unauthenticated("", bearer.group(1))
                : null;
    }
}
