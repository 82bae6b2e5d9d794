//! Prints the contacts of an order, and changes its technical contact if one is given:
//! `one_order ORDER [FIRST_NAME LAST_NAME EMAIL]`, with `DIGICERT_API_KEY` and
//! `DIGICERT_BASE_URL` in the environment.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::env;
use std::error::Error;

use contacts_core::{Contact, ContactsUpdate, Field, OrderId};
use contacts_http::{ApiKey, BaseUrl, Client};

fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder(ApiKey::parse(env::var("DIGICERT_API_KEY")?)?)
        .base_url(BaseUrl::parse(&env::var("DIGICERT_BASE_URL")?)?)
        .build()?;
    let arguments: Vec<_> = env::args().skip(1).collect();
    let id = OrderId::parse(arguments.first().ok_or("the order id is missing")?)?;
    let order = client.order(id)?;
    for (name, contact) in [
        ("organization contact", order.organization_contact),
        ("technical contact", order.technical_contact),
    ] {
        for field in Field::ALL {
            if let Some(value) = contact.as_ref().and_then(|contact| contact.get(field)) {
                println!("{name}: {field}: {value}");
            }
        }
    }
    if let [_, first_name, last_name, email] = arguments.as_slice() {
        let contact = Contact::draft(first_name, last_name, email).build()?;
        client.update_contacts(id, &ContactsUpdate::technical(contact))?;
        println!("changed the technical contact of order {id}");
    }
    Ok(())
}
