// A Spring Boot application that Cardea keeps the door of.
package example;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.HtmlUtils;

@SpringBootApplication
@RestController
public class App {
  static final String CARDEA = Optional.ofNullable(System.getenv("CARDEA_URL")).orElse("http://localhost:8025");

  /** Who is there? Browsers of nobody are sent to sign in, and come back. */
  @Component
  static class AskCardea extends OncePerRequestFilter {
    private final HttpClient client = HttpClient.newHttpClient(); // follows no redirect: those are for the browser

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
      return request.getRequestURI().equals("/"); // for everybody
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      var query = request.getQueryString();
      var question = HttpRequest.newBuilder(URI.create(CARDEA + "/v1/forward-auth"))
          .timeout(Duration.ofSeconds(5))
          .header("X-Forwarded-Method", request.getMethod())
          .header("X-Forwarded-Proto", request.getScheme())
          .header("X-Forwarded-Host", request.getHeader("Host"))
          .header("X-Forwarded-Uri", request.getRequestURI() + (query == null ? "" : "?" + query));
      for (var name : List.of("Accept", "Cookie", "Sec-Fetch-Dest")) {
        if (request.getHeader(name) != null) question.header(name, request.getHeader(name));
      }
      HttpResponse<byte[]> answer;
      try {
        answer = client.send(question.build(), HttpResponse.BodyHandlers.ofByteArray());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException(interrupted);
      }
      if (answer.statusCode() != 200) {
        response.setStatus(answer.statusCode());
        for (var name : List.of("Content-Type", "Location", "Set-Cookie")) {
          for (var value : answer.headers().allValues(name)) response.addHeader(name, value);
        }
        response.getOutputStream().write(answer.body());
        return;
      }
      var user = answer.headers().firstValue("Remote-User").orElseThrow();
      request.setAttribute("user", new String(user.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      chain.doFilter(request, response);
    }
  }

  @GetMapping(value = "/", produces = "text/html;charset=UTF-8")
  String home() {
    return "<h1>Welcome</h1><a href=\"/notes\">Your notes</a>";
  }

  @GetMapping(value = "/notes", produces = "text/html;charset=UTF-8")
  String notes(@RequestAttribute String user) {
    return "<h1>Notes of " + HtmlUtils.htmlEscape(user) + "</h1><a href=\"" + CARDEA + "/signout\">Sign out</a>";
  }

  public static void main(String[] arguments) {
    SpringApplication.run(App.class, arguments);
  }
}
