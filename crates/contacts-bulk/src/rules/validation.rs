use std::collections::HashMap;

use contacts_core::{Order, OrderId};

use crate::failure::{Failure, FailureKind};
use crate::order_api::OrderApi;

/// The validation types of products, by the product's id. DigiCert's list of orders may leave them out, so one
/// order of each product is read. That all orders of a product have the same is inferred.
#[derive(Default)]
pub(super) struct ValidationTypes(HashMap<String, Option<String>>);

impl ValidationTypes {
    /// Whether a condition of a rule is one.
    pub(super) fn is_one(product: &str) -> bool {
        ["dv", "ov", "ev"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(product))
    }

    /// Adds the validation type to a listed order that lacks it.
    ///
    /// # Errors
    /// Returns a failure that other orders would have as well.
    pub(super) fn complete(
        &mut self,
        mut order: Order,
        api: &impl OrderApi,
    ) -> Result<Order, Failure> {
        if let (Some(id), Some(product)) = (order.id, &mut order.product)
            && product.validation_type.is_none()
            && let Some(name_id) = &product.name_id
        {
            product.validation_type = self.of(name_id, id, api)?;
        }
        Ok(order)
    }

    fn of(
        &mut self,
        name_id: &str,
        order: OrderId,
        api: &impl OrderApi,
    ) -> Result<Option<String>, Failure> {
        if let Some(known) = self.0.get(name_id) {
            return Ok(known.clone());
        }
        match api.read(order) {
            Ok(read) => {
                let read = read.product.and_then(|product| product.validation_type);
                self.0.insert(name_id.to_owned(), read.clone());
                Ok(read)
            }
            // The next order of the product may be readable.
            Err(failure)
                if matches!(failure.kind(), FailureKind::NotFound | FailureKind::Other) =>
            {
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}
