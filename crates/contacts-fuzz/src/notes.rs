use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::{AccountIdentity, Export, ExportFilter, Input};

/// The notes of an export: as they are, and behind a first line that fits. They are refused, or an export
/// goes on behind a whole line of them, and the file that is written of them has a row for each contact.
///
/// # Panics
/// Where a promise is broken.
pub fn notes(bytes: &[u8]) {
    let account = AccountIdentity::new("https://www.digicert.com/services/v2", "key");
    let mut whole = Vec::new();
    Export::begin(&account, ExportFilter::default(), &mut whole).expect("memory");
    whole.extend_from_slice(bytes);
    for notes in [bytes, &whole] {
        match Export::resume(notes, &account, &ExportFilter::default()) {
            Ok((export, length)) => {
                let length = usize::try_from(length).expect("it fits into memory");
                assert!(length <= notes.len());
                assert!(length == 0 || notes[length - 1] == b'\n');
                let lines = notes[..length].split(|byte| *byte == b'\n').count();
                assert!(export.read() <= lines);
            }
            Err(error) => crate::assert_printable(&error.to_string()),
        }
        let mut file = Vec::new();
        if let Ok(exported) = Export::write(notes, &mut file) {
            assert!(file.starts_with(b"order_id,contact_type,"));
            assert!(exported.contacts <= 2 * exported.orders);
            assert!(exported.incomplete <= exported.contacts);
            // Its rows may break rules, but it is CSV.
            let _ = Input::from_bytes(&file, Format::Csv, ReadOptions::default())
                .map_err(|told| told.to_string());
        }
    }
}
