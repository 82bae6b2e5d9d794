use std::collections::HashSet;
use std::vec;

use contacts_core::{Order, OrderId};
use serde::Deserialize;
use serde_json::Value;

use super::{Client, Request, lenient};
use crate::error::Error;
use crate::retry::Failure;

/// Which orders to list.
///
/// ```
/// use contacts_http::OrderFilter;
///
/// let filter = OrderFilter::default().status("issued").search("www.example.com");
/// # let _ = filter;
/// ```
#[derive(Clone, Debug, Default)]
pub struct OrderFilter(Vec<(&'static str, String)>);

impl OrderFilter {
    /// Orders with this status, such as `issued`, which includes expired orders.
    #[must_use]
    pub fn status(self, status: impl Into<String>) -> Self {
        self.with("filters[status]", status.into())
    }

    /// Orders in which DigiCert's search finds this text.
    #[must_use]
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with("filters[search]", text.into())
    }

    /// Orders of this product, such as `ssl_plus`.
    #[must_use]
    pub fn product_name_id(self, name_id: impl Into<String>) -> Self {
        self.with("filters[product_name_id]", name_id.into())
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.0.retain(|(n, _)| *n != name);
        self.0.push((name, value));
        self
    }
}

/// The orders of an account, fetched page by page. [`Client::orders`] returns it.
///
/// Orders created while listing shift the pages. The list returns an order on two pages once, and
/// misses no order that existed at the start, whether DigiCert lists the oldest or the newest first.
/// Orders that stop matching the filter while listing shift the pages the other way: list without a
/// filter if every order matters.
///
/// An entry whose id is missing or not readable is an order without an
/// [`id`](contacts_core::Order::id), so that no order is lost silently. It cannot be recognized on a
/// second page.
///
/// A list that ends before its total, or repeats the same orders, ends with an error (our own
/// decision): a search for all orders of a person must not miss any. After an error it ends.
#[derive(Debug)]
pub struct OrderList {
    client: Client,
    filter: OrderFilter,
    page: vec::IntoIter<Entry>,
    seen: HashSet<OrderId>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    offset: usize,
    /// The total of the previous page.
    total: Option<usize>,
    /// Entries without an id.
    without_id: usize,
    /// Consecutive pages without a new order.
    repeated_pages: usize,
    done: bool,
}

/// The relevant part of a page. Without a list of orders it is an error, since orders could be
/// missing, unless the total is 0.
#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "lenient::value")]
    orders: Option<Vec<Entry>>,
    #[serde(default, deserialize_with = "lenient::object")]
    page: PageInfo,
}

/// An order, without an id if the entry is not an object.
#[derive(Debug, Deserialize)]
struct Entry(#[serde(deserialize_with = "lenient::object")] Order);

#[derive(Default, Deserialize)]
#[serde(default)]
struct PageInfo {
    #[serde(deserialize_with = "lenient::integer")]
    total: Option<usize>,
}

/// Filling this many pages with known orders takes a thousand new orders per page.
const MAX_REPEATED_PAGES: usize = 5;

/// DigiCert's largest page.
const PAGE_SIZE: usize = 1000;

impl Client {
    /// The orders of the account: `GET /order/certificate`, 1000 per page. The list does not
    /// include contacts.
    ///
    /// ```
    /// use contacts_http::{ApiKey, BaseUrl, Client, OrderFilter};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// for order in client.orders(OrderFilter::default().status("issued")) {
    ///     match order?.id {
    ///         Some(id) => println!("{id}"),
    ///         None => eprintln!("a listed order has no readable id"),
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn orders(&self, filter: OrderFilter) -> OrderList {
        OrderList {
            client: self.clone(),
            filter,
            page: Vec::new().into_iter(),
            seen: HashSet::new(),
            progress: Progress::default(),
        }
    }
}

impl OrderList {
    fn next_page(&mut self) -> Result<(), Error> {
        let offset = self.progress.offset;
        let (page, progress) = self.client.call(Request::Orders { offset }, |attempt| {
            let (limit, offset) = (PAGE_SIZE.to_string(), offset.to_string());
            let mut query = vec![("limit", limit.as_str()), ("offset", offset.as_str())];
            query.extend(self.filter.0.iter().map(|(n, value)| (*n, value.as_str())));
            let page = attempt.get_object(&query, "a list of orders", |json| {
                let page = Page::deserialize(Value::Object(json)).ok()?;
                let is_empty = page.page.total == Some(0);
                (page.orders.is_some() || is_empty).then_some(page)
            })?;
            let progress = self.progress_after(&page)?;
            Ok((page, progress))
        })?;
        self.progress = progress;
        self.page = page.orders.unwrap_or_default().into_iter();
        Ok(())
    }

    /// A server that ignores the offset must not cause an endless list, so pages without a new
    /// order end it. If orders are missing then, that is an error.
    fn progress_after(&self, page: &Page) -> Result<Progress, Failure> {
        let (orders, total) = (page.orders.as_deref().unwrap_or_default(), page.page.total);
        let before = self.progress;
        let is_new = |Entry(order): &Entry| order.id.is_some_and(|id| !self.seen.contains(&id));
        let repeated_pages = if orders.iter().any(is_new) {
            0
        } else {
            before.repeated_pages + 1
        };
        // Orders that were removed before this page have moved the following ones to earlier pages.
        let removed = before.total.zip(total);
        let removed = removed.map_or(0, |(before, now)| before.saturating_sub(now));
        let mut offset = before.offset + orders.len();
        let without_id =
            before.without_id + orders.iter().filter(|entry| entry.0.id.is_none()).count();
        // A total below the number of listed orders is wrong, and does not end the list.
        let max_repeated = total.map_or(1, |_| MAX_REPEATED_PAGES);
        // The total of a first page that is full may be that of the page.
        let is_end = total == Some(offset) && (before.offset > 0 || offset < PAGE_SIZE);
        let done = removed == 0 && (orders.is_empty() || is_end || repeated_pages >= max_repeated);
        let listed = self.seen.len();
        let is_incomplete = match total {
            Some(total) if orders.is_empty() => offset < total,
            Some(total) => listed + without_id < total,
            // Without a total, a page that is not full is the last.
            None => orders.len() >= PAGE_SIZE,
        };
        if repeated_pages > 0 && done && is_incomplete {
            return Err(Failure::IncompleteList { listed, total });
        }
        if removed > 0 {
            offset = before.offset.saturating_sub(removed);
        }
        Ok(Progress {
            offset,
            total,
            without_id,
            repeated_pages,
            done,
        })
    }
}

impl Iterator for OrderList {
    type Item = Result<Order, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let seen = &mut self.seen;
            let mut orders = self.page.by_ref().map(|entry| entry.0);
            if let Some(order) = orders.find(|o| o.id.is_none_or(|id| seen.insert(id))) {
                return Some(Ok(order));
            }
            if self.progress.done {
                return None;
            }
            if let Err(error) = self.next_page() {
                self.progress.done = true;
                return Some(Err(error));
            }
        }
    }
}
