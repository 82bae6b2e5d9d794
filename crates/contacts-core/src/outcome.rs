use crate::name::named_enum;

named_enum! {
    /// The effect that a failed request may have had on the order.
    ///
    /// ```
    /// assert_eq!(contacts_core::Outcome::NotSent.to_string(), "not-sent");
    /// ```
    pub enum Outcome {
        /// The request did not reach the server. The order is unchanged.
        NotSent = "not-sent",
        /// The server rejected the request. The order is unchanged.
        Rejected = "rejected",
        /// The server may have applied the request. The request sets absolute values, so sending it
        /// again results in the same contacts. DigiCert does not document whether it then sends
        /// e-mail twice.
        Unknown = "unknown",
    }
}
