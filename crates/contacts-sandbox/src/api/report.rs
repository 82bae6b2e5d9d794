//! `GET /report/order`: one CSV row for each order. From an older version of DigiCert's
//! documentation; whether DigiCert still serves it is unknown.

use serde_json::Value;

use super::csv::{self, Column};
use super::filter::{self, Filters};
use super::source::Source;
use super::{query, user};
use crate::data::date;
use crate::data::order::Order;
use crate::http::response::Response;

const DEFAULT_LIMIT: usize = 50_000;
const MAX_LIMIT: usize = 100_000;

/// The columns in DigiCert's sequence. Those without a pointer are empty: the sandbox has no data for
/// them.
const COLUMNS: [Column; 58] = [
    ("order_id", "/id"),
    ("customer_order_id", ""),
    ("date_created", "/date_created"),
    ("container_id", "/container/id"),
    ("container_name", "/container/name"),
    ("status", "/status"),
    ("user_id", "/user/id"),
    ("organization_id", "/organization/id"),
    ("organization_name", "/organization/name"),
    ("organization_address_1", ""),
    ("organization_address_2", ""),
    ("organization_city", "/organization/city"),
    ("organization_state", "/organization/state"),
    ("organization_country", "/organization/country"),
    ("organization_unit", ""),
    ("tech_first_name", "/technical_contact/first_name"),
    ("tech_last_name", "/technical_contact/last_name"),
    ("tech_email", "/technical_contact/email"),
    ("tech_title", "/technical_contact/job_title"),
    ("tech_telephone", "/technical_contact/telephone"),
    ("server_type", "/certificate/server_platform/id"),
    ("issuing_ca", "/certificate/ca_cert/name"),
    ("agreement_id", ""),
    ("validity_years", "/validity_years"),
    ("signature_hash", "/certificate/signature_hash"),
    ("dcv_method", ""),
    ("common_name", "/certificate/common_name"),
    ("plus_feature", ""),
    ("dns_names", "/certificate/dns_names"),
    ("product_id", ""),
    ("product_name_id", "/product/name_id"),
    ("product_name", "/product/name"),
    ("product_type", "/product/type"),
    ("email", ""),
    ("csr", "/certificate/csr"),
    ("valid_from", "/certificate/valid_from"),
    ("valid_till", "/certificate/valid_till"),
    ("certificate_tracker_id", "/certificate/id"),
    ("is_renewed", "/is_renewed"),
    ("renewed_order_id", ""),
    ("receipt_id", ""),
    ("disable_issuance_email", ""),
    ("pay_type", ""),
    ("is_out_of_contract", ""),
    (
        "disable_renewal_notifications",
        "/disable_renewal_notifications",
    ),
    ("additional_emails", ""),
    ("auto_renew", ""),
    ("custom_renewal_message", ""),
    ("thumbprint", "/certificate/thumbprint"),
    ("serial_number", "/certificate/serial_number"),
    ("account_id", "/account_id"),
    ("user_first_name", "/user/first_name"),
    ("user_last_name", "/user/last_name"),
    ("user_email", "/user/email"),
    ("user_assignments", ""),
    ("cost", ""),
    ("metadata", ""),
    ("has_duplicates", "/has_duplicates"),
];

/// The columns with dates.
const DATES: [&str; 3] = [
    "/date_created",
    "/certificate/valid_from",
    "/certificate/valid_till",
];

pub(super) fn get(source: &Source<'_>, query: &str) -> Result<Response, Response> {
    let defaults = [("offset", 0), ("limit", DEFAULT_LIMIT)];
    let [offset, limit] = query::numbers(query, defaults)?;
    let filters = Filters::parse(query, filter::OF_REPORT)?;
    let limit = source.limit(limit.min(MAX_LIMIT));
    let orders = source.orders().filter(|o| filters.match_order(o));
    let rows = orders.skip(offset).take(limit).map(row);
    Ok(Response::csv(csv::table(&COLUMNS, rows)))
}

/// The order with the dates of the report, which have another form than those of the API.
fn row(order: &Order) -> Value {
    let mut row = order.to_value();
    for pointer in DATES {
        if let Some(value) = row.pointer_mut(pointer)
            && let Some(timestamp) = value.as_str().and_then(date::timestamp)
        {
            *value = timestamp.into();
        }
    }
    row["account_id"] = user::ACCOUNT_ID.into();
    row
}
