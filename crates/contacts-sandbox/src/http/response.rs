use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

/// A response before it is written to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    content_type: String,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
}

impl Response {
    pub(crate) const fn empty(status: u16) -> Self {
        Self {
            status,
            content_type: String::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) const fn no_content() -> Self {
        Self::empty(204)
    }

    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self {
            content_type: content_type.to_owned(),
            body: Some(body.into()),
            ..Self::empty(status)
        }
    }

    pub(crate) fn json(body: &(impl Serialize + ?Sized)) -> Self {
        Self::json_text(serde_json::to_string(body).unwrap_or_default())
    }

    pub(crate) fn json_text(body: impl Into<String>) -> Self {
        Self::new(200, "application/json", body)
    }

    pub(crate) fn csv(body: String) -> Self {
        Self::new(200, "text/csv; charset=utf-8", body)
    }

    /// An error in the documented form.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let errors = json!({ "errors": [{ "code": code, "message": message }] });
        Self::new(status, "application/json", errors.to_string())
    }

    /// Code and message of the errors in the body.
    pub(crate) fn error_text(&self) -> Option<String> {
        if self.status < 400 {
            return None;
        }
        let body: Value = serde_json::from_str(self.body.as_deref()?).ok()?;
        let text = |error: &Value| {
            let (code, message) = (error["code"].as_str()?, error["message"].as_str()?);
            Some(format!("{code}: {message}"))
        };
        let errors: Vec<_> = body["errors"].as_array()?.iter().filter_map(text).collect();
        (!errors.is_empty()).then(|| errors.join("; "))
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Shortens the body to a number of bytes, or a few less at the end of a character.
    pub(crate) fn cut(mut self, max_bytes: usize) -> Self {
        if let Some(body) = &mut self.body {
            let mut ends = (0..=max_bytes.min(body.len())).rev();
            body.truncate(
                ends.find(|end| body.is_char_boundary(*end))
                    .unwrap_or_default(),
            );
        }
        self
    }

    pub(crate) fn to_bytes(&self, keep_alive: bool) -> Vec<u8> {
        let body = self.body.as_deref();
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let mut text = format!("HTTP/1.1 {status}\r\n");
        let mut header = |name: &str, value: &str| text += &[name, ": ", value, "\r\n"].concat();
        if let Some(body) = body {
            header("content-type", &self.content_type);
            header("content-length", &body.len().to_string());
        } else if self.status != 204 && self.status != 304 {
            header("content-length", "0");
        }
        for (name, value) in &self.headers {
            header(name, value);
        }
        if !keep_alive {
            header("connection", "close");
        }
        text += "\r\n";
        text += body.unwrap_or_default();
        text.into_bytes()
    }
}
