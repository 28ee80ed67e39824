// How the report of a backtest looks: in light and dark, on a phone and on paper. The tokens are those of the console.
export const style = `
:root{color-scheme:light dark;--ink:light-dark(#17202b,#e8ecf2);--soft:light-dark(#566271,#9aa6b6);--line:light-dark(#dfe3e9,#2b3440);
--paper:light-dark(#f5f6f8,#11151b);--surface:light-dark(#fff,#181e27);--accent:light-dark(#2a56c6,#8fb0ff);--calm:light-dark(#1d7457,#62c9a4);
--widening:light-dark(#b93a0b,#ff9a68);--unmeasured:light-dark(#c3cad3,#3b4654);
--hatch:repeating-linear-gradient(-45deg,transparent 0 5px,var(--unmeasured) 5px 6px)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:.9375rem/1.5 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.875rem;line-height:1.2;margin:0 0 8px;text-wrap:balance}
h2{font-size:1.1875rem;margin:0;overflow-wrap:anywhere}
h3{font-size:.9375rem;margin:16px 0 4px}
p{margin:4px 0}
.soft{color:var(--soft)}.small{font-size:.8125rem}
section{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:16px;margin-top:16px}
section>header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;justify-content:space-between}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.8125rem}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-top:1px solid var(--line)}
thead th{color:var(--soft);font-weight:400;border-top:0}
.number{text-align:right;white-space:nowrap}
tbody th{font-weight:600}
.missing{background-image:var(--hatch);border-radius:4px;padding:0 6px}
.state{white-space:nowrap}.open{color:var(--widening);font-weight:600}.shown{color:var(--calm)}
.chart{margin:12px 0 4px}
.plot{position:relative;height:180px;margin-left:28px;margin-top:20px}
.plot svg,.bars{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.bars{position:static;display:block;height:32px;width:calc(100% - 28px);margin:6px 0 0 28px}
.bars path{fill:var(--unmeasured)}
.chart line,.chart path{vector-effect:non-scaling-stroke}
.grid{stroke:var(--line)}.share{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.band{fill:var(--accent);opacity:.16}.onset{fill:var(--widening);opacity:.14}
.usual{stroke:var(--soft);stroke-dasharray:4 4}
.wanted,.reported{fill:none;stroke:var(--calm);stroke-width:1.5}.reported{stroke-dasharray:2 3;stroke:var(--ink)}
.began{stroke:var(--widening);stroke-dasharray:4 3;stroke-width:1.5}.alert{stroke:var(--widening);stroke-width:1.5}
.level{position:absolute;left:-28px;width:22px;text-align:right;transform:translateY(50%);font-size:.75rem;color:var(--soft)}
.flag{position:absolute;top:-20px;transform:translateX(-50%);font-size:.75rem;color:var(--widening);white-space:nowrap}
.dates{display:flex;justify-content:space-between;margin-left:28px;font-size:.75rem;color:var(--soft);gap:8px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.8125rem;color:var(--soft);list-style:none;padding:0;margin:8px 0 0}
.legend i{display:inline-block;width:20px;height:0;border-top:2px solid var(--accent);vertical-align:middle;margin-right:6px}
.legend .i-band{height:10px;border:0;background:var(--accent);opacity:.2}.legend .i-usual{border-top:1px dashed var(--soft)}
.legend .i-wanted{border-color:var(--calm)}.legend .i-reported{border-top:2px dotted var(--ink)}
.legend .i-onset{height:10px;border:0;background:var(--widening);opacity:.2}.legend .i-bars{height:10px;border:0;background:var(--unmeasured)}
.alerts{padding-left:20px;margin:8px 0}.alerts li{margin-top:8px}
details{margin-top:8px}summary{cursor:pointer;color:var(--accent);font-size:.8125rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
@media (max-width:640px){main{padding:16px 12px 48px}h1{font-size:1.375rem}section{padding:12px}.dates span:nth-child(even){display:none}
.shows thead{display:none}.shows tr{display:block;border-top:1px solid var(--line);padding:8px 0}.shows td,.shows th{display:block;border:0;padding:1px 0}
.shows td[data-name]:not(:empty)::before{content:attr(data-name) ": ";color:var(--soft)}}
@media print{:root{color-scheme:light}body{background:#fff}section{break-inside:avoid;border-color:#bbb}details{display:none}}
`;
