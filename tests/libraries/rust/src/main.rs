//! Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md.
use std::error::Error;
use std::io::BufRead;

// docs {
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{decode, decode_header, Algorithm, DecodingKey, Validation};

#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
}

struct Verifier {
    issuer: String,
    audience: String,
    keys: JwkSet,
}

impl Verifier {
    /// Fetches the keys again when a token names one that is not among them; limit how often that may happen.
    fn verify(&mut self, token: &str) -> Result<Claims, Box<dyn Error>> {
        let kid = decode_header(token)?.kid.ok_or("no kid")?;
        if self.keys.find(&kid).is_none() {
            self.keys = ureq::get(format!("{}/.well-known/jwks.json", self.issuer)).call()?.body_mut().read_json()?;
        }
        let key = DecodingKey::from_jwk(self.keys.find(&kid).ok_or("unknown kid")?)?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Ok(decode::<Claims>(token, &key, &rules)?.claims)
    }
}
// docs }

fn main() {
    let variable = |name| std::env::var(name).expect(name);
    let mut verifier =
        Verifier { issuer: variable("ISSUER"), audience: variable("AUDIENCE"), keys: JwkSet { keys: vec![] } };
    for line in std::io::stdin().lock().lines() {
        match verifier.verify(&line.expect("a line")) {
            Ok(claims) => println!("ok {}", claims.sub),
            Err(refusal) => println!("refused {refusal}"),
        }
    }
}
