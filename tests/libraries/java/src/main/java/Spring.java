// Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

public final class Spring {
  static final String issuer = System.getenv("ISSUER");
  static final String audience = System.getenv("AUDIENCE");

  // docs {
  static JwtDecoder jwtDecoder() {
    NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuer).validateType(false).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator().issuer(issuer).audience(audience).clientId("cardea").build());
    return decoder;
  }
  // docs }

  public static void main(String[] arguments) throws Exception {
    var decoder = jwtDecoder();
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String token = lines.readLine(); token != null; token = lines.readLine()) {
      try {
        System.out.println("ok " + decoder.decode(token).getSubject());
      } catch (JwtException refusal) {
        System.out.println("refused " + refusal.getMessage().replace('\n', ' '));
      }
    }
  }
}
