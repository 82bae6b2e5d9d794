use contacts_bulk::input::{Check, ContactWriter, Format, ReadOptions};
use contacts_bulk::{Input, Problems};

/// An input file. The first byte selects the format and whether values are trimmed.
///
/// `Input` and `Check` report the same problems, and a valid input survives a round trip through the
/// CSV file that this project writes.
///
/// # Panics
/// Panics if a property is violated.
pub fn input(bytes: &[u8]) {
    let (flags, file) = bytes.split_first().unwrap_or((&0, bytes));
    let format = match flags % 4 {
        0 | 1 => Format::Csv,
        2 => Format::JsonLines,
        _ => Format::of("<stdin>", file),
    };
    let mut options = ReadOptions::default();
    options.trim = flags % 2 == 1;
    let checked = Check::default().file("", file, format, &options);
    match Input::from_bytes(file, format, &options) {
        Ok(input) => {
            let checked = checked.expect("`Input` accepts it");
            assert_eq!(checked.orders, input.orders().len());
            assert_eq!(checked.contacts, input.contacts());
            assert_eq!(contents(&round_trip(&input)), contents(&input));
        }
        Err(problems) => {
            let checked = checked.expect_err("`Input` rejects it");
            assert_eq!(message(&checked), message(&problems));
        }
    }
}

fn message(problems: &Problems) -> String {
    assert!(problems.total() > 0);
    let message = problems.to_string();
    crate::assert_printable(&message);
    message
}

fn contents(input: &Input) -> Vec<(u64, Vec<u8>)> {
    let orders = input.orders().iter();
    let contents = orders.map(|order| (order.order.get(), order.update.to_json()));
    contents.collect()
}

fn round_trip(input: &Input) -> Input {
    let mut file = Vec::new();
    let mut rows = ContactWriter::new(&mut file).expect("a write to memory");
    for order in input.orders() {
        for (contact_type, contact) in order.update.contacts() {
            rows.write(order.order, contact_type, |field| contact.get(field), &[])
                .expect("a write to memory");
        }
    }
    rows.finish().expect("a write to memory");
    Input::from_bytes(&file, Format::Csv, &ReadOptions::default()).expect("a written input")
}
