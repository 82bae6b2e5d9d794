use clap::ValueEnum;

/// How contacts are printed.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TableOptions {
    /// Format of the output: `json` is that of --json, and `csv` is a file that `check` and `apply`
    /// accept
    #[arg(long, short, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) output: Option<OutputFormat>,

    /// Columns of the table, of JSON Lines or of CSV, in this order
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "json"
    )]
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    Table,
    Json,
    Jsonl,
    Csv,
}

/// What is known about a contact and its order.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Column {
    OrderId,
    ContactType,
    Name,
    FirstName,
    LastName,
    Email,
    JobTitle,
    Telephone,
    LanguageId,
    CommonName,
    Status,
    Product,
    /// What an audit found, as the last column.
    #[value(skip)]
    Reason,
}

impl Column {
    /// The columns of a table.
    pub(crate) const TABLE: [Self; 6] = [
        Self::OrderId,
        Self::ContactType,
        Self::Name,
        Self::Email,
        Self::CommonName,
        Self::Status,
    ];
    /// The columns that `export` writes.
    pub(crate) const FILE: [Self; 11] = [
        Self::OrderId,
        Self::ContactType,
        Self::FirstName,
        Self::LastName,
        Self::Email,
        Self::JobTitle,
        Self::Telephone,
        Self::LanguageId,
        Self::CommonName,
        Self::Status,
        Self::Product,
    ];

    /// The name in the option, in CSV and in JSON Lines.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(|| "reason".to_owned(), |value| value.get_name().to_owned())
    }
}
