//! What goes over the wire (JSON-RPC 2.0, sections 4 to 7): values in, values out.

use serde_json::{Value, json};
use std::fmt;

/// A request, or a notification if it has no id.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// An array, an object, or null if there are none.
    pub(crate) params: Value,
    pub(crate) id: Option<Value>,
}

/// An error object (section 5.1).
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn parse(why: impl fmt::Display) -> Self {
        Self { code: -32700, message: format!("Parse error: {why}") }
    }

    pub(crate) fn invalid(why: &str) -> Self {
        Self { code: -32600, message: format!("Invalid Request: {why}") }
    }

    pub(crate) fn no_method(name: &str) -> Self {
        Self { code: -32601, message: format!("Method not found: {name}") }
    }

    pub(crate) fn params(why: &str) -> Self {
        Self { code: -32602, message: format!("Invalid params: {why}") }
    }

    /// An error object as it came.
    pub(crate) fn read(object: &Value) -> Self {
        let message = object["message"].as_str().unwrap_or("an error without a message");
        Self { code: object["code"].as_i64().unwrap_or(0), message: message.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (error {})", self.message, self.code)
    }
}

impl std::error::Error for Fault {}

impl Call {
    /// Section 4; the id that an answer to a bad request bears is null.
    pub(crate) fn read(mut value: Value) -> Result<Self, Fault> {
        let id = value.get("id").cloned();
        let params = value.get_mut("params").map(Value::take).unwrap_or_default();
        if value["jsonrpc"] != "2.0" {
            return Err(Fault::invalid("\"jsonrpc\" is not \"2.0\""));
        }
        if !matches!(id, None | Some(Value::Null | Value::Number(_) | Value::String(_))) {
            return Err(Fault::invalid("an id is a string or a number"));
        }
        if !matches!(params, Value::Null | Value::Array(_) | Value::Object(_)) {
            return Err(Fault::invalid("parameters are an array or an object"));
        }
        let method = value["method"].as_str().ok_or_else(|| Fault::invalid("no method"))?;
        Ok(Self { method: method.to_owned(), params, id })
    }
}

/// A request, or a notification without an id.
pub(crate) fn call(method: &str, params: &Value, id: Option<u64>) -> String {
    let mut call = json!({ "jsonrpc": "2.0", "method": method });
    if !params.is_null() {
        call["params"] = params.clone();
    }
    if let Some(id) = id {
        call["id"] = id.into();
    }
    call.to_string()
}

/// Answers what came, one call or a batch of them (section 6); `None` if there is nothing to say.
pub(crate) fn answer(
    text: &str,
    mut run: impl FnMut(&Call) -> Result<Value, Fault>,
) -> Option<String> {
    let answer = match serde_json::from_str(text) {
        Err(error) => Some(failed(Value::Null, &Fault::parse(error))),
        Ok(Value::Array(calls)) if calls.is_empty() => {
            Some(failed(Value::Null, &Fault::invalid("an empty batch")))
        }
        Ok(Value::Array(calls)) => {
            let answers: Vec<Value> =
                calls.into_iter().filter_map(|call| one(call, &mut run)).collect();
            (!answers.is_empty()).then(|| answers.into())
        }
        Ok(call) => one(call, &mut run),
    };
    answer.map(|answer| answer.to_string())
}

fn one(value: Value, run: &mut impl FnMut(&Call) -> Result<Value, Fault>) -> Option<Value> {
    let call = match Call::read(value) {
        Ok(call) => call,
        Err(fault) => return Some(failed(Value::Null, &fault)),
    };
    let done = run(&call);
    // A notification is never answered, not even if it fails (section 4.1).
    let id = call.id?;
    Some(match done {
        Ok(result) => json!({ "jsonrpc": "2.0", "result": result, "id": id }),
        Err(fault) => failed(id, &fault),
    })
}

fn failed(id: Value, fault: &Fault) -> Value {
    let error = json!({ "code": fault.code, "message": fault.message });
    json!({ "jsonrpc": "2.0", "error": error, "id": id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(text: &str) -> Value {
        let answer = answer(text, |call| match call.method.as_str() {
            "echo" => Ok(call.params.clone()),
            other => Err(Fault::no_method(other)),
        });
        answer.map(|answer| serde_json::from_str(&answer).unwrap()).unwrap_or_default()
    }

    #[test]
    fn a_call_gets_its_answer_with_its_id() {
        let answer = answered(r#"{"jsonrpc":"2.0","method":"echo","params":[1],"id":"a"}"#);
        assert_eq!(answer, json!({ "jsonrpc": "2.0", "result": [1], "id": "a" }));
    }

    #[test]
    fn each_mistake_has_its_code() {
        for (text, code) in [
            ("{", -32700),
            ("[]", -32600),
            ("1", -32600),
            (r#"{"method":"echo","id":1}"#, -32600),
            (r#"{"jsonrpc":"2.0","method":1,"id":1}"#, -32600),
            (r#"{"jsonrpc":"2.0","method":"echo","params":1,"id":1}"#, -32600),
            (r#"{"jsonrpc":"2.0","method":"echo","id":[1]}"#, -32600),
            (r#"{"jsonrpc":"2.0","method":"gone","id":1}"#, -32601),
        ] {
            assert_eq!(answered(text)["error"]["code"], code, "{text}");
        }
    }

    #[test]
    fn notifications_are_not_answered_not_even_in_a_batch() {
        let notification = r#"{"jsonrpc":"2.0","method":"gone"}"#;
        assert_eq!(answered(notification), Value::Null);
        assert_eq!(answered(&format!("[{notification},{notification}]")), Value::Null);
        let batch =
            answered(&format!(r#"[{notification},1,{{"jsonrpc":"2.0","method":"echo","id":7}}]"#));
        assert_eq!(batch[0]["error"]["code"], -32600);
        assert_eq!(batch[1], json!({ "jsonrpc": "2.0", "result": null, "id": 7 }));
        assert_eq!(batch.as_array().unwrap().len(), 2);
    }
}
