/** What is asked of the papers of a contract. Pure; no zod. */
import type { FileFact } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PDF = 'application/pdf';

type Files = Readonly<Record<string, FileFact>>;

/** Faults of a text that must still be editable (XHU). */
export function wordFaults(files: Files, id: string, path: string): Fault[] {
  const found = files[id];
  if (found === undefined) return [{ path, message: '文件不存在或不是您上传的' }];
  return found.type === WORD ? [] : [{ path, message: '仅接受可编辑的 Word 文本' }];
}

/** Whether a paper was uploaded and can't be edited any more. */
export function isPdf(files: Files, id: string | undefined): boolean {
  return id !== undefined && files[id]?.type === PDF;
}
