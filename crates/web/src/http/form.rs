//! A posted form: names and values in the order in which they came.

use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use domain::value::clean_text;

/// What a form sent. Names may repeat; what nobody sees, NUL included, is left out (B7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    /// Reads `name=value&…`, of a body or of an address.
    pub fn parse(text: &[u8]) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(text)
                .map(|(name, value)| (clean_text(&name), value))
                .map(|(name, value)| match name.contains("password") {
                    // A password is whatever was typed.
                    true => (name, value.into_owned()),
                    false => (name, clean_text(&value)),
                })
                .collect(),
        }
    }

    /// A form that holds these values, as if they had been typed.
    pub fn of<N: Into<String>>(pairs: impl IntoIterator<Item = (N, String)>) -> Self {
        Self { pairs: pairs.into_iter().map(|(name, value)| (name.into(), value)).collect() }
    }

    /// The last value of a name; a button's value comes after the hidden input that it overrides.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The last value of a name, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// Every value of a name that isn't empty.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.pairs
            .iter()
            .filter(|(one, value)| one == name && !value.is_empty())
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// A box was ticked.
    pub fn is_on(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A number as people type it, full-width digits and every minus sign included; `None` when it is none.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        domain::value::tidy_line(self.text(name)).replace('\u{2212}', "-").parse().ok()
    }

    /// Names and values, in the order in which they came.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

impl FromRequest<AppState> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, PageError> {
        let body = Bytes::from_request(request, state).await.map_err(|_| PageError::body_too_large())?;
        Ok(Self::parse(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_is_the_same_however_its_digits_and_its_sign_are_typed() {
        let wide = |text: &str| -> String {
            text.chars()
                .map(|c| match c.to_digit(10) {
                    Some(digit) => char::from_u32(u32::from('０') + digit).unwrap(),
                    None => c,
                })
                .collect()
        };
        for number in -120_i64..=120 {
            let plain = number.to_string();
            for sign in ["-", "\u{2212}", "－"] {
                let signed = plain.replace('-', sign);
                for typed in [signed.clone(), wide(&signed), format!("　{signed} ")] {
                    assert_eq!(Form::of([("n", typed.clone())]).number::<i64>("n"), Some(number), "{typed}");
                }
            }
        }
        for typed in ["", "-", "--1", "ー1", "1.5", "1,000"] {
            assert_eq!(Form::of([("n", typed.to_owned())]).number::<i64>("n"), None, "{typed}");
        }
    }
}
