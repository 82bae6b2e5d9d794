//! The columns of a file that are no fields of a contact, and all of them in a message.

pub(crate) const ORDER_ID: &str = "order_id";

/// The name of the column of [`ContactWriter::with_reasons`](crate::ContactWriter::with_reasons);
/// readers skip it.
pub(crate) const REASON: &str = "reason";

/// The end of a message about a missing header.
pub(crate) const EXPECTED: &str = "the first line names the columns: \
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id \
    (the last three may be left out)";
