//! A query as a tree.

/// A place in the text of a query; any two are equal, so that trees compare by meaning.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Position(pub usize);

impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A field, or a path of lookups to one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// The names between the dots.
    pub(crate) parts: Vec<String>,
    /// Where it stands.
    pub(crate) at: Position,
}

/// A field, or a function of fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// A field.
    Field(Path),
    /// A number, as an argument of GEOLOCATION.
    Number(String),
    /// A text, as the unit of DISTANCE.
    Text(String),
    /// A function with its arguments; COUNT() has none.
    Call {
        /// The name as written.
        name: String,
        /// The arguments.
        arguments: Vec<Expression>,
        /// Where it stands.
        at: Position,
    },
}

/// One thing selected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selection {
    /// A field or a function, perhaps with a name of its own.
    Expression(Expression, Option<String>),
    /// A list of child records.
    Children(Box<Query>),
    /// FIELDS(ALL), FIELDS(STANDARD) or FIELDS(CUSTOM).
    Fields(FieldSet),
    /// TYPEOF: fields that depend on what a lookup points at.
    TypeOf(TypeOf),
}

/// The argument of FIELDS().
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldSet {
    /// Every field.
    All,
    /// The fields Salesforce defines.
    Standard,
    /// The fields an administrator added.
    Custom,
}

/// Fields that depend on what a lookup points at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TypeOf {
    /// The lookup's relationship name.
    pub(crate) relationship: Path,
    /// For each object, its fields.
    pub(crate) branches: Vec<(String, Vec<Path>)>,
    /// The fields for any other object.
    pub(crate) otherwise: Vec<Path>,
}

/// How a field is compared with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `=`
    Equal,
    /// `!=` or `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `LIKE`
    Like,
}

impl Operator {
    /// The sign or word.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Like => "LIKE",
        }
    }
}

/// How a field is compared with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListOperator {
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `INCLUDES`
    Includes,
    /// `EXCLUDES`
    Excludes,
}

impl ListOperator {
    /// The words.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            ListOperator::In => "IN",
            ListOperator::NotIn => "NOT IN",
            ListOperator::Includes => "INCLUDES",
            ListOperator::Excludes => "EXCLUDES",
        }
    }
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    /// `null`
    Null,
    /// `TRUE` or `FALSE`
    Boolean(bool),
    /// A quoted text.
    Text(String),
    /// A number, as written.
    Number(String),
    /// A day or a moment, as written.
    Date(String),
    /// A day relative to today, such as `LAST_N_DAYS:3`.
    Relative(String, Option<u32>),
}

/// What a list condition looks in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum List {
    /// Values.
    Literals(Vec<Literal>),
    /// The results of another query.
    Query(Box<Query>),
}

/// What records must satisfy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// All of these.
    And(Vec<Condition>),
    /// At least one of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A comparison with one value.
    Compare {
        /// What is compared.
        left: Expression,
        /// How.
        operator: Operator,
        /// With what.
        right: Literal,
        /// Where the value stands.
        at: Position,
    },
    /// A comparison with a list.
    List {
        /// What is compared.
        left: Expression,
        /// How.
        operator: ListOperator,
        /// With what.
        list: List,
        /// Where the list stands.
        at: Position,
    },
}

/// One key of ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ordering {
    /// What is sorted by.
    pub(crate) by: Expression,
    /// Whether the greatest comes first.
    pub(crate) descending: bool,
    /// Whether records without a value come last; `None` when the query does not say.
    pub(crate) nulls_last: Option<bool>,
}

/// The object a query reads, or the relationship a child query follows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Source {
    /// The name.
    pub(crate) name: String,
    /// The short name the query gives it.
    pub(crate) alias: Option<String>,
    /// Where it stands.
    pub(crate) at: Position,
}

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    /// What is selected.
    pub(crate) select: Vec<Selection>,
    /// From where.
    pub(crate) from: Source,
    /// Lookups that FROM names beside the object, as in `FROM Contact c, c.Account a`.
    pub(crate) lookups: Vec<Source>,
    /// USING SCOPE.
    pub(crate) scope: Option<String>,
    /// WHERE.
    pub(crate) condition: Option<Condition>,
    /// WITH.
    pub(crate) access: Option<String>,
    /// GROUP BY.
    pub(crate) group_by: Vec<Expression>,
    /// HAVING.
    pub(crate) having: Option<Condition>,
    /// ORDER BY.
    pub(crate) order_by: Vec<Ordering>,
    /// LIMIT.
    pub(crate) limit: Option<u64>,
    /// OFFSET.
    pub(crate) offset: Option<u64>,
    /// FOR VIEW, FOR REFERENCE or FOR UPDATE.
    pub(crate) purpose: Option<String>,
    /// UPDATE TRACKING or UPDATE VIEWSTAT.
    pub(crate) statistics: Vec<String>,
}

impl Expression {
    /// Where it stands in the text.
    pub(crate) fn at(&self) -> usize {
        match self {
            Expression::Field(path) => path.at.0,
            Expression::Number(_) | Expression::Text(_) => 0,
            Expression::Call { at, .. } => at.0,
        }
    }

    /// Whether it computes one value from many records.
    pub(crate) fn is_aggregate(&self) -> bool {
        const AGGREGATES: [&str; 6] = ["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"];
        match self {
            Expression::Field(_) | Expression::Number(_) | Expression::Text(_) => false,
            Expression::Call { name, .. } => AGGREGATES.iter().any(|known| known.eq_ignore_ascii_case(name)),
        }
    }

    /// Whether an aggregate function is in it, however deep.
    pub(crate) fn aggregates(&self) -> bool {
        match self {
            Expression::Field(_) | Expression::Number(_) | Expression::Text(_) => false,
            Expression::Call { arguments, .. } => {
                self.is_aggregate() || arguments.iter().any(Expression::aggregates)
            }
        }
    }

    /// The arguments, if it is a call of this function.
    pub(crate) fn call_of(&self, function: &str) -> Option<&[Expression]> {
        match self {
            Expression::Call { name, arguments, .. } if name.eq_ignore_ascii_case(function) => {
                Some(arguments)
            }
            _ => None,
        }
    }
}
