//! A rejection as axum answers it.

use crate::hyper::UpgradeRejection;
use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};

impl IntoResponse for UpgradeRejection {
    fn into_response(self) -> Response {
        self.response().map(Body::from)
    }
}
