/** The two sample files that examples name: one page of PDF and a Word document of one line. */

const PDF = [
  'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIF',
  'JdL0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgNTk1IDg0Ml0vUmVzb3VyY2Vz',
  'PDwvRm9udDw8L0YxIDUgMCBSPj4+Pi9Db250ZW50cyA0IDAgUj4+ZW5kb2JqCjQgMCBvYmo8PC9MZW5ndGggNDY+PnN0cmVhbQpCVCAvRjEgMj',
  'QgVGYgNzIgNzYwIFRkIChTYW1wbGUgZG9jdW1lbnQpIFRqIEVUCmVuZHN0cmVhbWVuZG9iago1IDAgb2JqPDwvVHlwZS9Gb250L1N1YnR5cGUv',
  'VHlwZTEvQmFzZUZvbnQvSGVsdmV0aWNhPj5lbmRvYmoKeHJlZgowIDYKMDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDA5IDAwMDAwIG4gCj',
  'AwMDAwMDAwNTIgMDAwMDAgbiAKMDAwMDAwMDEwMSAwMDAwMCBuIAowMDAwMDAwMjExIDAwMDAwIG4gCjAwMDAwMDAzMDIgMDAwMDAgbiAKdHJh',
  'aWxlcjw8L1NpemUgNi9Sb290IDEgMCBSPj4Kc3RhcnR4cmVmCjM2MwolJUVPRgo=',
].join('');

const DOCX = [
  'UEsDBBQAAAAIAAAAIVx5bjPX6AAAAK0BAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbH1QyU7DMBD9FWuuKHHggBCK0wPLETiUDxjZk8SqN3nc0v',
  '49Tlt6QIXjzFv1+tXeO7GjzDYGBbdtB4KCjsaGScHn+rV5AMEFg0EXAyk4EMNq6NeHRCyqNrCCuZT0KCXrmTxyGxOFiowxeyz1zJNMqDc4kbzr',
  'unupYygUSlMWDxj6Zxpx64p42df3qUcmxyCeTsQlSwGm5KzGUnG5C+ZXSnNOaKvyyOHZJr6pBJBXExbk74Cz7r0Ok60h8YG5vKGvLPkVs5Em6q',
  '2vyvZ/mys94zhaTRf94pZy1MRcF/euvSAebfjpL49zD99QSwMEFAAAAAgAAAAhXJv9N+qtAAAAKQEAAAsAAABfcmVscy8ucmVsc43POw7CMAwG',
  '4KtE3mlaBoRQ0y4IqSsqB7ASN61oHkrCo7cnAwNFDIy2f3+W6/ZpZnanECdnBVRFCYysdGqyWsClP232wGJCq3B2lgQsFKFt6jPNmPJKHCcfWT',
  'ZsFDCm5A+cRzmSwVg4TzZPBhcMplwGzT3KK2ri27Lc8fBpwNpknRIQOlUB6xdP/9huGCZJRydvhmz6ceIrkWUMmpKAhwuKq3e7yCzwpuarF5sX',
  'UEsDBBQAAAAIAAAAIVz1Byz4twAAANsAAAARAAAAd29yZC9kb2N1bWVudC54bWxFjr0NwjAQRleJ3BMHCoSi/HRMAAOY2CSR4jvLNoRMABIUqa',
  'goKZmAgmlIWIM4FDTv093pe7ooPcjK2wttSoSYTP2AeAIy5CXkMVmvlpMF8YxlwFmFIGLSCEPSJKpDjtlOCrDeIAAT1jEprFUhpSYrhGTGRyVg',
  'uG1RS2aHUee0Rs2VxkwYM/hlRWdBMKeSlUCccoO8cakctINNPvfn+3Xu2lPXXvrrsb89Iur2jnqkGvnr0v9fyRdQSwECFAMUAAAACAAAACFceW',
  '4z1+gAAACtAQAAEwAAAAAAAAAAAAAAgAEAAAAAW0NvbnRlbnRfVHlwZXNdLnhtbFBLAQIUAxQAAAAIAAAAIVyb/TfqrQAAACkBAAALAAAAAAAA',
  'AAAAAACAARkBAABfcmVscy8ucmVsc1BLAQIUAxQAAAAIAAAAIVz1Byz4twAAANsAAAARAAAAAAAAAAAAAACAAe8BAAB3b3JkL2RvY3VtZW50Ln',
  'htbFBLBQYAAAAAAwADALkAAADVAgAAAAA=',
].join('');

/** A file with its media type. */
export interface SampleFile {
  name: string;
  type: string;
  content: Buffer;
}

/** A PDF of one page. */
export function samplePdf(): SampleFile {
  return { name: '示例材料.pdf', type: 'application/pdf', content: Buffer.from(PDF, 'base64') };
}

/** A Word document of one line. */
export function sampleDocx(): SampleFile {
  return {
    name: '党政办公室+张三+示例合同.docx',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    content: Buffer.from(DOCX, 'base64'),
  };
}
