/// How the pages look, in light and in dark, on a desk and on a phone.
enum PageStyle {
    static let text = #"""
        :root{--bg:#f6f7f9;--card:#fff;--line:#e5e7ec;--soft:#f0f1f5;--ink:#171a21;--muted:#667085;--main:#4f46e5;--main-soft:#eef0ff;--in:#4f46e5;--out:#0d9488;--warn:#b45309;--warn-soft:#fef3c7;--bad:#c02626;--bad-soft:#fee7e7;--good:#12855a;--shadow:0 1px 2px rgb(16 24 40/.05),0 1px 3px rgb(16 24 40/.06)}
        @media(prefers-color-scheme:dark){:root{--bg:#0d1016;--card:#151a23;--line:#252c39;--soft:#1b212c;--ink:#e7eaf0;--muted:#94a0b3;--main:#8b8cff;--main-soft:#22264a;--in:#8b8cff;--out:#2dd4bf;--warn:#fbbf24;--warn-soft:#3a2c0c;--bad:#ff7b7b;--bad-soft:#3d1a1d;--good:#3ddc97;--shadow:none}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;scroll-padding-top:3.6rem}
        @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{transition:none!important;animation:none!important}}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        .mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
        .muted{color:var(--muted)}.hide,.skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .skip:focus{position:fixed;top:.5rem;left:.5rem;background:var(--card);padding:.5rem 1rem;border-radius:8px;z-index:9}
        a{color:var(--main);text-underline-offset:2px}
        :focus-visible{outline:2px solid var(--main);outline-offset:2px;border-radius:6px}
        .top,main,footer{max-width:1240px;margin:0 auto;padding:0 1.25rem}
        .top{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding-top:1.4rem;padding-bottom:.9rem;flex-wrap:wrap}
        .brand{display:flex;gap:.85rem;align-items:center;min-width:0}.brand p{margin:0;overflow-wrap:anywhere}
        .mark{width:42px;height:42px;flex:none;padding:9px;border-radius:12px;background:var(--main);fill:#fff;stroke:#fff;stroke-width:1.3;stroke-linecap:round}
        @media(prefers-color-scheme:dark){.mark{background:#4f46e5}}
        h1{font-size:1.28rem;line-height:1.25;margin:0;letter-spacing:-.01em}h2{font-size:1.02rem;margin:0;letter-spacing:-.005em}
        .status{display:flex;align-items:center;gap:.55rem;font-size:.92rem}
        .dot{width:9px;height:9px;border-radius:50%;background:var(--muted)}.dot.live{background:var(--good);box-shadow:0 0 0 4px color-mix(in srgb,var(--good) 18%,transparent)}.dot.lost{background:var(--bad)}.dot.held{background:var(--warn)}
        nav{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--bg) 88%,transparent);backdrop-filter:blur(8px);border-bottom:1px solid var(--line);display:flex;gap:.25rem;overflow-x:auto;padding:.45rem max(1.25rem,calc((100vw - 1240px)/2 + 1.25rem))}
        nav a{padding:.25rem .7rem;border-radius:999px;text-decoration:none;color:var(--muted);font-size:.92rem;white-space:nowrap}nav a:hover{background:var(--soft);color:var(--ink)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.8rem;margin:1.2rem 0 .4rem}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:.8rem 1rem .7rem;box-shadow:var(--shadow);min-width:0}
        .tile .k{color:var(--muted);font-size:.82rem}.tile .v{font-size:1.55rem;font-weight:620;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}.tile svg{display:block;width:100%;height:26px;margin-top:.25rem}
        section[id]{margin-top:1.7rem;min-width:0}.head{display:flex;justify-content:space-between;align-items:center;gap:.8rem;margin-bottom:.55rem;min-height:2rem}
        .count{display:inline-block;margin-left:.35rem;padding:0 .5rem;border-radius:999px;background:var(--soft);color:var(--muted);font-size:.8rem;font-weight:500;font-variant-numeric:tabular-nums}.count:empty{display:none}
        .card{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);overflow:hidden}
        table{width:100%;border-collapse:collapse;font-size:.92rem}th{font-weight:550;color:var(--muted);font-size:.8rem;text-align:left;background:color-mix(in srgb,var(--soft) 55%,transparent)}
        th,td{padding:.5rem .9rem;border-bottom:1px solid var(--line);vertical-align:middle}tbody tr:last-child>td{border-bottom:0}tbody tr.line:hover{background:color-mix(in srgb,var(--soft) 45%,transparent)}
        .n{text-align:right;font-variant-numeric:tabular-nums}td.name{overflow-wrap:anywhere;min-width:9rem}td .sub{display:block;color:var(--muted);font-size:.82em}
        .zero{color:var(--muted);opacity:.65}.strong{font-weight:620}
        .chip{display:inline-block;padding:0 .45rem;margin:.05rem .2rem .05rem 0;border-radius:6px;background:var(--soft);color:var(--muted);font-size:.76rem;line-height:1.55;white-space:nowrap}.chip.main{background:var(--main-soft);color:var(--main)}.chip.warn{background:var(--warn-soft);color:var(--warn)}.chip.bad{background:var(--bad-soft);color:var(--bad)}
        .open{min-height:0;background:none;border:0;padding:0;margin:0;font:inherit;color:inherit;text-align:left;cursor:pointer;display:flex;gap:.45rem;align-items:baseline;overflow-wrap:anywhere}.open::before{content:"▸";color:var(--muted);transition:transform .12s;flex:none}.open[aria-expanded=true]::before{transform:rotate(90deg)}.open:hover{color:var(--main)}
        .spark{width:130px;height:26px;display:block}.spark polyline,.tile polyline{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}.in{stroke:var(--in)}.out{stroke:var(--out)}.area{fill:var(--in);opacity:.1;stroke:none}
        button,input,textarea{font:inherit;color:inherit}button{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:.28rem .8rem;cursor:pointer;font-size:.88rem;min-height:2rem}button:hover{border-color:var(--muted)}button.main{background:var(--main);border-color:var(--main);color:#fff}@media(prefers-color-scheme:dark){button.main{color:#0d1016}}button.danger{color:var(--bad)}button.danger:hover{border-color:var(--bad);background:var(--bad-soft)}button[aria-pressed=true]{background:var(--warn-soft);color:var(--warn);border-color:transparent}
        input[type=search]{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:.3rem .7rem;width:min(240px,50vw)}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:0 1.4rem}.empty{margin:0;padding:1.3rem 1rem;color:var(--muted);text-align:center}
        .inside td{background:color-mix(in srgb,var(--soft) 45%,transparent);padding:.2rem .9rem .9rem 2.1rem}.inside h3{font-size:.82rem;color:var(--muted);font-weight:550;margin:.7rem 0 .25rem}.inside ul{list-style:none;margin:0;padding:0;display:grid;gap:.3rem}.inside li{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:.35rem .6rem;overflow-wrap:anywhere}.inside pre{margin:.15rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:9em;overflow:auto}
        details{border-top:1px solid var(--line);padding:.6rem .9rem}summary{cursor:pointer;font-size:.9rem;color:var(--main)}details label{display:block;margin:.6rem 0 .2rem;font-size:.85rem;color:var(--muted)}textarea{width:100%;background:var(--soft);border:1px solid var(--line);border-radius:9px;padding:.6rem;resize:vertical}.errors{color:var(--bad);font-size:.88rem;margin:.3rem 0;white-space:pre-line;overflow-wrap:anywhere}.errors:empty{display:none}
        .switch{position:relative;display:inline-block;width:34px;height:20px}.switch input{appearance:none;width:34px;height:20px;margin:0;border-radius:999px;background:var(--line);cursor:pointer;transition:background .12s}.switch input:checked{background:var(--main)}.switch input::after{content:"";position:absolute;top:3px;left:3px;width:14px;height:14px;border-radius:50%;background:#fff;transition:transform .12s}.switch input:checked::after{transform:translateX(14px)}
        .journal{list-style:none;margin:0;padding:0;max-height:21rem;overflow:auto}.journal li{display:grid;grid-template-columns:4.6rem 6.2rem 1fr;gap:.6rem;padding:.32rem .9rem;border-bottom:1px solid var(--line)}.journal li:last-child{border:0}.journal .t{color:var(--muted);text-align:right;font-variant-numeric:tabular-nums}.journal .d{overflow-wrap:anywhere}
        footer{padding:2rem 1.25rem 2.5rem;font-size:.88rem}
        dialog{border:1px solid var(--line);border-radius:16px;background:var(--card);color:var(--ink);padding:1.3rem;max-width:min(430px,92vw);box-shadow:0 20px 60px rgb(0 0 0/.25)}dialog::backdrop{background:rgb(10 12 18/.45)}dialog p{margin:0 0 1rem;overflow-wrap:anywhere}.row{display:flex;justify-content:flex-end;gap:.6rem}
        @media(max-width:900px){.pair{grid-template-columns:minmax(0,1fr)}}
        @media(max-width:720px){
        .top,main,footer{padding-left:.9rem;padding-right:.9rem}nav{padding-left:.6rem;padding-right:.6rem}.tiles{grid-template-columns:1fr 1fr;gap:.6rem}
        #queues-table thead,#connections-table thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        #queues-table,#connections-table,#queues-table tbody,#connections-table tbody{display:block}
        #queues-table tr.line,#connections-table tr.line{display:grid;grid-template-columns:1fr 1fr 1fr;gap:.1rem .8rem;padding:.75rem .9rem;border-bottom:1px solid var(--line)}
        #queues-table tr.inside,#queues-table tr.inside td{display:block}
        #queues-table tr.line td,#connections-table tr.line td{display:block;padding:0;border:0;text-align:left}
        #queues-table tr.line td[data-k]::before,#connections-table tr.line td[data-k]::before{content:attr(data-k);display:block;color:var(--muted);font-size:.72rem}
        #queues-table td.name,#connections-table td.name,#queues-table td.chart,#queues-table td.kind,#connections-table td.action{grid-column:1/-1}.spark{width:100%}
        th,td{padding:.45rem .6rem}td.name{min-width:0}td.mono{overflow-wrap:anywhere}.card{overflow-x:auto}.inside td{padding-left:.9rem}.journal li{grid-template-columns:3.8rem 1fr}.journal .d{grid-column:1/-1}
        }
        """#
}
