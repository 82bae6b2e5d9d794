//! GraphQL, as far as the Custom Reports API needs it: one query per request, with arguments,
//! variables and aliases. Fragments and directives are rejected.

use graphql_parser::query::{
    Definition, Field, OperationDefinition, Selection, SelectionSet, Type, Value as Literal,
    VariableDefinition, parse_query,
};
use serde_json::{Map, Value, json};

use super::error;
use crate::http::response::Response;

/// With aliases, a small query could ask for any number of fields of each order.
const MAX_FIELDS: usize = 100;

/// A query, such as `{ name(arguments) { fields } }`.
pub(super) struct Query {
    pub(super) name: String,
    /// The name of the result: the alias, if there is one.
    pub(super) key: String,
    pub(super) arguments: Vec<(String, Argument)>,
    /// The key and the name of each field.
    pub(super) fields: Vec<(String, String)>,
}

pub(super) struct Argument {
    pub(super) value: Value,
    /// The type of the variable that the value comes from, without `!`.
    pub(super) declared_type: Option<String>,
}

/// An error in the form of GraphQL. That DigiCert sends it with status 200 is inferred.
pub(crate) fn error(message: &str) -> Response {
    let extensions = json!({ "code": "sandbox_graphql" });
    let errors = json!({ "errors": [{ "message": message, "extensions": extensions }] });
    Response::json(&errors)
}

impl Query {
    /// From the body of a request: `{"query": "...", "variables": {...}}`.
    pub(super) fn parse(body: &Value) -> Result<Self, Response> {
        let (text, values) = parts(body).ok_or_else(|| {
            let message = "The body must be an object with the text `query`, and may have an \
                           object `variables`.";
            error::bad_request("sandbox_query_invalid", message)
        })?;
        let document = parse_query::<&str>(text);
        let document = document.map_err(|problem| error(problem.to_string().trim_end()))?;
        let [Definition::Operation(operation)] = &document.definitions[..] else {
            return Err(error(
                "the sandbox takes one query per request, without fragments",
            ));
        };
        let (definitions, selection) = match operation {
            OperationDefinition::SelectionSet(selection) => (&[][..], selection),
            OperationDefinition::Query(query) => {
                (&query.variable_definitions[..], &query.selection_set)
            }
            _ => return Err(error("the schema has queries only")),
        };
        let [field] = fields(selection)?[..] else {
            return Err(error("the sandbox takes one query per request"));
        };
        let variables = Variables {
            definitions,
            values,
        };
        Self::new(field, &variables)
    }

    fn new<'q>(
        field: &Field<'q, &'q str>,
        variables: &Variables<'_, 'q>,
    ) -> Result<Self, Response> {
        let name = field.name;
        let selected = fields(&field.selection_set)?;
        if selected.is_empty() || selected.len() > MAX_FIELDS {
            let message =
                format!("`{name}` needs 1 to {MAX_FIELDS} fields, as in `{name} {{ id }}`");
            return Err(error(&message));
        }
        let is_plain = |field: &&Field<'q, &'q str>| {
            field.arguments.is_empty() && field.selection_set.items.is_empty()
        };
        if let Some(field) = selected.iter().find(|field| !is_plain(field)) {
            let message = format!("the field `{}` has no arguments and no fields", field.name);
            return Err(error(&message));
        }
        let argument = |(name, value): &(&'q str, Literal<'q, &'q str>)| {
            let argument = variables.argument(value)?;
            Ok(((*name).to_owned(), argument))
        };
        let key = |field: &Field<'q, &'q str>| field.alias.unwrap_or(field.name).to_owned();
        Ok(Self {
            name: name.to_owned(),
            key: key(field),
            arguments: field
                .arguments
                .iter()
                .map(argument)
                .collect::<Result<_, _>>()?,
            fields: selected
                .into_iter()
                .map(|field| (key(field), field.name.to_owned()))
                .collect(),
        })
    }
}

/// The query and the variables.
fn parts(body: &Value) -> Option<(&str, Option<&Map<String, Value>>)> {
    let variables = match body.get("variables") {
        None | Some(Value::Null) => None,
        Some(variables) => Some(variables.as_object()?),
    };
    Some((body.get("query")?.as_str()?, variables))
}

fn fields<'a, 'q>(
    selection: &'a SelectionSet<'q, &'q str>,
) -> Result<Vec<&'a Field<'q, &'q str>>, Response> {
    let field = |selection: &'a Selection<'q, &'q str>| match selection {
        Selection::Field(field) if field.directives.is_empty() => Ok(field),
        _ => Err(error("the sandbox takes no fragments and no directives")),
    };
    selection.items.iter().map(field).collect()
}

struct Variables<'a, 'q> {
    definitions: &'a [VariableDefinition<'q, &'q str>],
    values: Option<&'a Map<String, Value>>,
}

impl<'q> Variables<'_, 'q> {
    fn argument(&self, literal: &Literal<'q, &'q str>) -> Result<Argument, Response> {
        let Literal::Variable(name) = literal else {
            return Ok(Argument {
                value: self.value(literal)?,
                declared_type: None,
            });
        };
        let (declared_type, value) = self.variable(name)?;
        Ok(Argument {
            value,
            declared_type: Some(declared_type.to_string().replace('!', "")),
        })
    }

    fn value(&self, literal: &Literal<'q, &'q str>) -> Result<Value, Response> {
        Ok(match literal {
            Literal::Variable(name) => self.variable(name)?.1,
            Literal::Int(number) => json!(number.as_i64()),
            Literal::Float(number) => json!(number),
            Literal::String(text) => json!(text),
            Literal::Boolean(flag) => json!(flag),
            Literal::Null => Value::Null,
            Literal::List(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Literal::Enum(_) | Literal::Object(_) => {
                return Err(error("the schema has no enumerations and no input objects"));
            }
        })
    }

    /// The declared type of a variable, and its value.
    fn variable(&self, name: &str) -> Result<(&Type<'q, &'q str>, Value), Response> {
        let mut definitions = self.definitions.iter();
        let definition = definitions.find(|definition| definition.name == name);
        let definition =
            definition.ok_or_else(|| error(&format!("the variable `${name}` is not declared")))?;
        let value = match (
            self.values.and_then(|v| v.get(name)),
            &definition.default_value,
        ) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => self.value(default)?,
            (None, None) => Value::Null,
        };
        if value.is_null() && matches!(definition.var_type, Type::NonNullType(_)) {
            return Err(error(&format!("the variable `${name}` needs a value")));
        }
        Ok((&definition.var_type, value))
    }
}
