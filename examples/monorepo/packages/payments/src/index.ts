export { findCustomer } from "./customers";
export { refundPayment } from "./refunds";
