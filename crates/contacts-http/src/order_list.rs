use std::collections::HashSet;
use std::vec;

use contacts_core::{Order, OrderId};
use serde::Deserialize;

use crate::client::Client;
use crate::error::{Error, Request};
use crate::kind::Kind;

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
    /// Only orders of this status, such as `issued`.
    #[must_use]
    pub fn status(self, status: impl Into<String>) -> Self {
        self.with("filters[status]", status.into())
    }

    /// Only orders in which DigiCert's search finds this text.
    #[must_use]
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with("filters[search]", text.into())
    }

    /// Only orders of this product, such as `ssl_plus`.
    #[must_use]
    pub fn product_name_id(self, name_id: impl Into<String>) -> Self {
        self.with("filters[product_name_id]", name_id.into())
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.0.retain(|(n, _)| *n != name);
        self.0.push((name, value));
        self
    }

    fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// The orders of an account, page by page as they are asked for. [`Client::orders`] makes it.
///
/// Orders that are added meanwhile shift the pages. An order that is seen twice is given once; one
/// that was there at the beginning is not missed, whether DigiCert lists the oldest or the newest
/// first, unless orders leave the filter meanwhile (a change of status, say), which shifts the pages
/// the other way: list without a filter where that matters. An entry without an id is passed over.
/// A list that ends before the total that it names, or tells the same again and again, ends with an
/// error (our own decision): who looks for all orders of a person must not miss some. After an error
/// it ends.
#[derive(Debug)]
pub struct OrderList {
    client: Client,
    filter: OrderFilter,
    offset: usize,
    page: vec::IntoIter<Order>,
    seen: HashSet<OrderId>,
    /// Entries without an id, which are passed over.
    nameless: usize,
    /// Pages in a row that held no order that was not seen before.
    stale_pages: usize,
    done: bool,
}

/// One page, as far as it is of interest. The list holds no contacts.
#[derive(Deserialize)]
struct Page {
    orders: Vec<Order>,
    #[serde(default)]
    page: Position,
}

#[derive(Default, Deserialize)]
struct Position {
    total: Option<usize>,
}

/// So many orders would have to be added between two requests, a thousand for each page, to fill
/// pages with what was seen before.
const MOST_STALE: usize = 5;

/// DigiCert's largest page.
const PAGE: usize = 1000;

impl Client {
    /// The orders of the account, without their contacts, which the list does not tell:
    /// `GET /order/certificate`, 1000 a page.
    ///
    /// ```
    /// use contacts_http::{ApiKey, BaseUrl, Client, OrderFilter};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// for order in client.orders(OrderFilter::default().status("issued")) {
    ///     println!("{:?}", order?.id);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn orders(&self, filter: OrderFilter) -> OrderList {
        OrderList::new(self.clone(), filter)
    }

    /// One page, and what `judge` says of it.
    fn order_page<T>(
        &self,
        filter: &OrderFilter,
        offset: usize,
        judge: impl Fn(&Page) -> Result<T, Kind>,
    ) -> Result<(Page, T), Error> {
        self.call(Request::Orders { offset }, |call, fresh| {
            let (limit, offset) = (PAGE.to_string(), offset.to_string());
            let mut query = vec![("limit", limit.as_str()), ("offset", offset.as_str())];
            query.extend(filter.query());
            let page = call.json(&query, fresh)?;
            let judged = judge(&page)?;
            Ok((page, judged))
        })
    }
}

impl OrderList {
    fn new(client: Client, filter: OrderFilter) -> Self {
        Self {
            client,
            filter,
            offset: 0,
            page: Vec::new().into_iter(),
            seen: HashSet::new(),
            nameless: 0,
            stale_pages: 0,
            done: false,
        }
    }

    fn next_page(&mut self) -> Result<(), Error> {
        let (client, filter) = (&self.client, &self.filter);
        let (page, judged) = client.order_page(filter, self.offset, |page| self.judge(page))?;
        self.done = judged.ends;
        self.stale_pages = judged.stale_pages;
        self.nameless = judged.nameless;
        self.offset += page.orders.len();
        self.page = page.orders.into_iter();
        Ok(())
    }

    /// A server that ignores the offset must not keep us for ever, so pages with nothing new in
    /// them end the list in the end. It is an error where the list ends although there must be more:
    /// whoever looks for all orders of a person who leaves would miss some without a word.
    fn judge(&self, page: &Page) -> Result<Judged, Kind> {
        let (orders, total) = (&page.orders, page.page.total);
        let is_new = |order: &Order| order.id.is_some_and(|id| !self.seen.contains(&id));
        let stale_pages = if orders.iter().any(is_new) {
            0
        } else {
            self.stale_pages + 1
        };
        // A total that is less than what was listed already can't be right.
        let complete = total == Some(self.offset + orders.len());
        let most = total.map_or(1, |_| MOST_STALE);
        let ends = orders.is_empty() || complete || stale_pages >= most;
        let nameless = self.nameless + orders.iter().filter(|order| order.id.is_none()).count();
        let listed = self.seen.len();
        let is_short = match total {
            Some(total) if orders.is_empty() => self.offset < total,
            Some(total) => listed + nameless < total,
            // A page that is not full is the last, whatever comes after it.
            None => orders.len() >= PAGE,
        };
        if stale_pages > 0 && ends && is_short {
            return Err(Kind::ShortList { listed, total });
        }
        Ok(Judged {
            ends,
            stale_pages,
            nameless,
        })
    }
}

/// What a page means for the list.
struct Judged {
    ends: bool,
    /// This one included, as in the list.
    stale_pages: usize,
    nameless: usize,
}

impl Iterator for OrderList {
    type Item = Result<Order, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let seen = &mut self.seen;
            if let Some(order) = self.page.find(|o| o.id.is_some_and(|id| seen.insert(id))) {
                return Some(Ok(order));
            }
            if self.done {
                return None;
            }
            if let Err(error) = self.next_page() {
                self.done = true;
                return Some(Err(error));
            }
        }
    }
}
