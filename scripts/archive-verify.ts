/**
 * `npm run archive:verify -- PACKAGE.zip…`: looks whether archive packages are whole and true to their own record, with nothing but
 * the packages: no database, no configuration. Says of each what it found; exit code 1 when one of them is not in order, 2 when none
 * was named.
 */
import { basename } from 'node:path';
import { type PackageFault, type PackageFaultKind, type PackageReport, verifyPackage } from '../activities/archive/verify.ts';

/** What each kind of fault means to an archivist. */
const WORDS: Readonly<Record<PackageFaultKind, string>> = {
  unreadable: '不是归档包,或已损坏无法读取',
  unsafe: '含有重名文件,或内容超出归档包的限度',
  manifest: '文件清单被改动',
  missing: '缺少文件',
  added: '多出清单之外的文件',
  changed: '文件内容被改动',
  chain: '办理记录被改动、抽走、添加或调换了次序',
  contradiction: '与办理记录不一致',
  attachment: '记录所附的材料缺失或被调换',
};

function told({ kind, path, reason }: PackageFault): string {
  return `  ✗ ${WORDS[kind]}${path === '' ? '' : `:${path}`}(${reason})`;
}

function lines(path: string, { sha256, no, files, events, faults }: PackageReport): string[] {
  const head = `${basename(path)} ${no ?? ''}`.trimEnd();
  const facts = `${files}个文件,${events}条办理记录,SHA-256 ${sha256 ?? '无法计算'}`;
  return faults.length === 0
    ? [`✓ ${head}:完好(${facts})`]
    : [`✗ ${head}:有${faults.length}处问题(${facts})`, ...faults.map(told)];
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('archive:verify: 请给出归档包,如 npm run archive:verify -- YYSQ-2026-0001.zip');
  process.exitCode = 2;
}
for (const path of paths) {
  const report = await verifyPackage(path);
  for (const line of lines(path, report)) console.log(line);
  if (report.faults.length > 0) process.exitCode = 1;
}
