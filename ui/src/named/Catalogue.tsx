import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type ComponentProps, type ReactNode, useState } from "react";
import { Upload } from "./Upload";

interface Shown {
  title: string;
  about: string;
  /** Where one is made, and what that is called. */
  make: [path: string, label: string];
  upload: Omit<ComponentProps<typeof Upload>, "close">;
  children: ReactNode;
}

/** The page of a kind: what it is, how one is made, and all there are. */
export function Catalogue({ title, about, make: [path, label], upload, children }: Shown) {
  const [uploading, show] = useState(false);
  return (
    <>
      <div className="title">
        <h1>{title}</h1>
        <div className="actions">
          <Button icon={<UploadOutlined />} onClick={() => show(true)}>
            {upload.title}
          </Button>
          <Link to={path as never}>
            <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
              {label}
            </Button>
          </Link>
        </div>
        <p>{about}</p>
      </div>
      {uploading && <Upload {...upload} close={() => show(false)} />}
      {children}
    </>
  );
}
