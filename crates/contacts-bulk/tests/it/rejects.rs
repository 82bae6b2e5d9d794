//! The file of rejects.

use contacts_bulk::report::write_rejects;
use contacts_bulk::{Plan, RunSettings};

use crate::account::{FakeAccount, input, key_rejected, not_found};

#[test]
fn rejects_are_an_input_file_with_reasons() {
    let account = FakeAccount::with(6)
        .dv(2)
        .read_fails(3, not_found())
        .write_fails(4, not_found())
        .write_fails(5, key_rejected());
    let input = input(
        "order_id,contact_type,first_name,last_name,email,telephone\n\
         1,technical_contact,Jane,Doe,jane@example.com,\n\
         2,organization_contact,Jane,Doe,jane@example.com,+1 555\n\
         2,technical_contact,=Jane,Doe,jane@example.com,\n\
         3,technical_contact,Jane,Doe,jane@example.com,\n\
         4,technical_contact,\"Jane, of\",Doe,jane@example.com,\n\
         5,technical_contact,Jane,Doe,jane@example.com,\n\
         6,technical_contact,Jane,Doe,jane@example.com,\n",
    );
    let plan = Plan::fetch(input, &account, |_| {}).unwrap();
    let report = plan.apply(
        &RunSettings::default().skip_verification(),
        &account,
        |_| {},
    );
    let mut file = Vec::new();
    assert_eq!(write_rejects(&plan, &report, &mut file).unwrap(), 4);
    insta::assert_snapshot!(String::from_utf8(file).unwrap());
}
