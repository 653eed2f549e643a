/// How what only the storage's page has looks.
enum StoragePageStyle {
    static let text = #"""
        .images{display:grid;grid-template-columns:repeat(auto-fill,minmax(158px,1fr));gap:.8rem;list-style:none;margin:0;padding:.9rem}
        .images:empty{display:none}
        .images li{border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--card);min-width:0;display:flex;flex-direction:column}
        .images .frame{aspect-ratio:1;display:grid;place-items:center;background:repeating-conic-gradient(var(--soft) 0 25%,transparent 0 50%) 0 0/18px 18px;overflow:hidden;color:var(--muted);font-size:.8rem;text-align:center}
        .images img{width:100%;height:100%;object-fit:contain;image-rendering:auto}
        .images .about{padding:.5rem .65rem .6rem;font-size:.85rem;min-width:0}.images .about .strong,.images .about .sub{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.images .about .sub{color:var(--muted);font-size:.78rem}
        .traffic{max-height:26rem;overflow:auto}.traffic table{table-layout:fixed}.traffic th:nth-child(1){width:5.5rem}.traffic th:nth-child(2){width:34%}.traffic td{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:9px;padding:.28rem .5rem;max-width:14rem}
        @media(max-width:720px){.images{grid-template-columns:1fr 1fr;padding:.6rem;gap:.6rem}.traffic th:nth-child(1){width:4rem}}
        """#
}
