use contacts_bulk::input::{Check, ContactWriter, Format, ReadOptions};
use contacts_bulk::{Input, Problems};

/// An input file; the first byte says of which format, and whether it is trimmed.
///
/// `Input` and `Check` judge it alike, and what is accepted reads back the same from the file that this
/// project would write of it.
///
/// # Panics
/// Where a promise is broken.
pub fn input(bytes: &[u8]) {
    let Some((flags, file)) = bytes.split_first() else {
        return;
    };
    let format = match flags % 4 {
        0 | 1 => Format::Csv,
        2 => Format::JsonLines,
        _ => Format::of("<stdin>", file),
    };
    let trim = flags % 2 == 1;
    let checked = Check::default().file("", file, format, ReadOptions { trim });
    match Input::from_bytes(file, format, ReadOptions { trim }) {
        Ok(input) => {
            let checked = checked.expect("`Input` takes it");
            assert_eq!(checked.orders, input.orders().len());
            assert_eq!(checked.contacts, input.contacts());
            assert_eq!(contents(&written_again(&input)), contents(&input));
        }
        Err(problems) => {
            let checked = checked.expect_err("`Input` refuses it");
            assert_eq!(told(&checked), told(&problems));
        }
    }
}

fn told(problems: &Problems) -> String {
    assert!(problems.total() > 0);
    let told = problems.to_string();
    crate::assert_printable(&told);
    told
}

fn contents(input: &Input) -> Vec<(u64, Vec<u8>)> {
    let orders = input.orders().iter();
    orders
        .map(|order| (order.order().get(), order.update().to_json()))
        .collect()
}

fn written_again(input: &Input) -> Input {
    let mut file = Vec::new();
    let mut rows = ContactWriter::new(&mut file).expect("memory");
    for order in input.orders() {
        for (kind, contact) in order.update().contacts() {
            let written = rows.write(order.order(), kind, |field| contact.get(field), "");
            written.expect("memory");
        }
    }
    rows.finish().expect("memory");
    Input::from_bytes(&file, Format::Csv, ReadOptions::default())
        .expect("it was written of what was read")
}
