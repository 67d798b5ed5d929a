import { Table } from "antd";
import type { ColumnsType } from "antd/es/table";

interface Listed<Row> {
  rows: Row[];
  columns: ColumnsType<Row>;
  rowKey?: string;
  page?: number;
}

/** A list that is shown whole while it is short; leafed through, where it is longer than a page. */
export function SmallTable<Row extends object>(props: Listed<Row>) {
  const { rows, columns, rowKey = "id", page = Number.POSITIVE_INFINITY } = props;
  return (
    <Table<Row>
      size="small"
      rowKey={rowKey}
      pagination={rows.length > page ? { pageSize: page, showSizeChanger: false } : false}
      scroll={{ x: true }}
      dataSource={rows}
      columns={columns}
    />
  );
}
