use contacts_bulk::export::{Export, ExportFilter};
use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::{AccountIdentity, Input};

/// The partial file of an export: as it is, and after a valid first line. An export resumes after a
/// complete line, and the written input file has at most two rows for each order.
///
/// # Panics
/// Panics if a property is violated.
pub fn export(bytes: &[u8]) {
    let account = AccountIdentity::new("https://www.digicert.com/services/v2", "key");
    let filter = ExportFilter::default();
    let mut with_header = Vec::new();
    Export::start(&account, filter.clone(), &mut with_header).expect("a write to memory");
    with_header.extend_from_slice(bytes);
    for partial in [bytes, &with_header] {
        match Export::resume(partial, &account, &filter) {
            Ok((export, length)) => {
                let length = usize::try_from(length).expect("a length in memory");
                assert!(length <= partial.len());
                assert!(length == 0 || partial[length - 1] == b'\n');
                let lines = partial[..length].split(|byte| *byte == b'\n').count();
                assert!(export.read() <= lines);
            }
            Err(error) => crate::assert_printable(&error.to_string()),
        }
        let mut file = Vec::new();
        if let Ok(summary) = Export::write(partial, &mut file) {
            assert!(file.starts_with(b"order_id,contact_type,"));
            assert!(summary.contacts <= 2 * summary.orders);
            assert!(summary.incomplete <= summary.contacts);
            // Its rows may break rules, so only the parser must not panic.
            let input = Input::from_bytes(&file, Format::Csv, &ReadOptions::default());
            let _ = input.map_err(|problems| problems.to_string());
        }
    }
}
