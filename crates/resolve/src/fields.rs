//! Values by name, as code meets them: few in most places, copied often.

use litemap::LiteMap;
use model::Name;

use crate::value::Value;

/// Values by name, sorted; one piece of memory however few they are.
pub(crate) type Fields = LiteMap<Name, Value>;
