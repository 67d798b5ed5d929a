"""Order lines, or whole orders: Order Completed, Order Refunded and Order Cancelled."""

from __future__ import annotations

from typing import Final

from hotspring.collect.files.mapping import Field
from hotspring.collect.files.order_events import events
from hotspring.collect.files.order_lines import judge
from hotspring.collect.files.preset import PLACES, Preset

FIELDS: Final = (
    Field("order_id", "number of the order or invoice", aliases=(
        "orderid", "order_no", "order_number", "invoice", "invoice_no", "invoice_id", "order",
        "订单号", "订单编号", "订单ID", "单号", "发票号", "交易号", "主订单编号", "小票号")),
    Field("time", "when it was ordered", "time", (
        "order_time", "order_date", "ordered_at", "order_purchase_timestamp", "invoice_date",
        "purchase_date", "created_at", "create_time", "timestamp", "date", "datetime",
        "下单时间", "订单时间", "订单创建时间", "创建时间", "订单日期", "下单日期", "交易时间",
        "购买时间", "消费时间", "成交时间", "日期", "时间")),
    Field("product_id", "code of the article", aliases=(
        "stock_code", "sku", "sku_id", "item_id", "product_code", "goods_id", "item_no",
        "商品编码", "商品ID", "商品编号", "货号", "商品代码", "SKU编码", "商家编码")),
    Field("product", "name of the article", aliases=(
        "product_name", "description", "item_name", "title", "goods_name", "item",
        "商品名称", "商品", "商品标题", "品名", "货品名称")),
    Field("category", "category of the article", aliases=(
        "product_category", "product_category_name", "category_id",
        "类目", "品类", "商品类目", "分类")),
    Field("quantity", "pieces on the line", "number", (
        "qty", "count", "num", "units", "数量", "件数", "购买数量", "商品数量", "销量")),
    Field("price", "money for one piece", "number", (
        "unit_price", "item_price", "sale_price", "单价", "价格", "商品单价", "售价")),
    Field("amount", "money of the row; the rows of an order add up", "number", (
        "line_total", "line_amount", "subtotal", "sales", "value", "revenue",
        "金额", "销售额", "小计", "销售金额", "商品金额", "行金额")),
    Field("payment", "money paid in the row; the rows of an order add up", "number", (
        "payment_value", "payment_amount", "支付金额", "付款金额")),
    Field("total", "money of the whole order, the same on all its rows", "number", (
        "order_total", "order_amount", "total_amount", "grand_total", "total_price",
        "订单金额", "订单总额", "总金额", "总额", "订单总金额", "应付金额", "买家应付货款")),
    Field("paid", "money of the whole order that was paid", "number", (
        "paid_amount", "amount_paid",
        "实付金额", "实付", "实收金额", "买家实际支付金额", "实际支付金额")),
    Field("paid_at", "when it was paid; empty where it was not", "time", (
        "payment_time", "paid_time", "pay_time", "付款时间", "支付时间", "订单付款时间")),
    Field("refund", "money of the order that went back", "number", (
        "refund_amount", "refunded_amount", "退款金额", "退款")),
    Field("closed_at", "when it was refunded or cancelled", "time", (
        "refunded_at", "refund_time", "cancelled_at", "canceled_at", "退款时间", "取消时间")),
    Field("status", "state of the order", aliases=(
        "order_status", "state_of_order", "订单状态", "状态", "交易状态")),
    Field("currency", "currency code", aliases=("currency_code", "币种", "货币")),
    Field("coupon", "coupon used", aliases=("coupon_code", "优惠券", "优惠码")),
    Field("discount", "money taken off", "number", ("discount_amount", "优惠金额", "折扣金额")),
    Field("shipping", "money for the freight", "number", (
        "freight", "freight_value", "shipping_fee", "运费", "邮费")),
    Field("tax", "money for taxes", "number", ("tax_amount", "税额", "税费")),
    Field("payment_method", "how it was paid", aliases=("payment_type", "支付方式", "付款方式")),
    Field("store", "shop or outlet", aliases=(
        "store_id", "store_name", "shop", "shop_name", "门店", "店铺", "店铺名称", "门店名称")),
    Field("channel", "channel of the sale", aliases=(
        "sales_channel", "source", "渠道", "销售渠道", "来源")),
    *PLACES,
)  # fmt: skip

ORDERS: Final = Preset(
    name="orders",
    meaning="order lines, or one row for each order",
    fields=FIELDS,
    needs=("order_id", "time"),
    judge=judge,
    events=events,
    positive=frozenset({"price", "quantity", "total", "paid", "amount", "payment"}),
    worth=frozenset({"price", "total", "paid", "amount", "payment"}),
)
