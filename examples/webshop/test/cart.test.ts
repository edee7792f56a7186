import { total } from "../src/cart";

console.log(total([{ sku: "tea", count: 2 }]) === 6 ? "ok" : "not ok");
