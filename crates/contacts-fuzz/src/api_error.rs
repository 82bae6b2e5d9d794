use contacts_core::ApiErrors;

/// The body of an error response. The parsed errors are bounded and safe to print.
///
/// # Panics
/// Panics if a property is violated.
pub fn api_error(bytes: &[u8]) {
    let errors = ApiErrors::from_body(bytes);
    assert!(errors.len() <= 20);
    for error in errors.iter() {
        assert!(error.code.chars().count() <= 500 && error.message.chars().count() <= 500);
    }
    crate::assert_printable(&errors.to_string());
}
