use crate::data::date::Period;

/// Which dates a filter matches.
pub(super) enum Dates {
    /// The order has no date.
    Missing,
    Before(Period),
    After(Period),
    /// These are part of it.
    From(Period),
    UpTo(Period),
    /// Both are part of it.
    Within(Period, Period),
}

impl Dates {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let date = |text: &str| match text {
            "NOW" => Some(Period::now()),
            _ => Period::parse(text).filter(|_| matches!(text.len(), 10 | 19)),
        };
        if text == "null" {
            return Some(Self::Missing);
        }
        if let Some((from, to)) = text.split_once("...") {
            return Some(Self::Within(date(from)?, date(to)?));
        }
        match text.split_at_checked(1)? {
            (">", after) => Some(Self::After(date(after)?)),
            ("<", before) => Some(Self::Before(date(before)?)),
            _ => date(text).map(|date| Self::Within(date, date)),
        }
    }

    pub(super) fn include(&self, date: Option<Period>) -> bool {
        match (self, date) {
            (Self::Missing, date) => date.is_none(),
            (_, None) => false,
            (Self::Before(end), Some(date)) => date.is_before(*end),
            (Self::After(start), Some(date)) => start.is_before(date),
            (Self::From(start), Some(date)) => !date.is_before(*start),
            (Self::UpTo(end), Some(date)) => !end.is_before(date),
            (Self::Within(start, end), Some(date)) => {
                !date.is_before(*start) && !end.is_before(date)
            }
        }
    }
}
