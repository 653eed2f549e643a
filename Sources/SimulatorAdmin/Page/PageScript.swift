/// What the pages have in common: how they ask and write, tables, the armed faults with their switches, the journal.
/// Whatever comes from a simulator becomes text, never markup.
enum PageScript {
    static let common = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        const SVG = "http://www.w3.org/2000/svg", POINTS = 60;
        let paused = false, namespace = "", plan = {rules: []}, report = {rules: []}, off = new Map();
        const history = new Map();
        function el(tag, options = {}, ...children) {
          const node = document.createElement(tag);
          for (const [key, value] of Object.entries(options)) {
            if (key === "class") node.className = value; else if (key === "text") node.textContent = value;
            else if (key.startsWith("on")) node.addEventListener(key.slice(2), value); else node.setAttribute(key, value);
          }
          node.append(...children); return node;
        }
        const whole = new Intl.NumberFormat("en"), rate = new Intl.NumberFormat("en", {maximumFractionDigits: 1});
        const visible = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
        async function call(method, path, body, signal) {
          const response = await fetch(path, {method, signal, headers: {...(body === undefined ? {} : {"Content-Type": "application/json"}), ...(namespace ? {"X-Sim-Namespace": namespace} : {})}, body: body === undefined ? undefined : JSON.stringify(body)});
          const text = await response.text(), json = text ? JSON.parse(text) : null;
          if (!response.ok) throw Object.assign(new Error(json?.error?.message || response.statusText), {details: json?.error?.details});
          return json;
        }
        function remember(key, ...values) {
          const past = history.get(key) || {series: values.map(() => []), seen: 0};
          values.forEach((value, i) => { past.series[i].push(value); if (past.series[i].length > POINTS) past.series[i].shift(); });
          past.seen = Date.now(); history.set(key, past); return past.series;
        }
        function forget() { for (const [key, past] of history) if (Date.now() - past.seen > 120000) history.delete(key); }
        function spark(series, classes, label) {
          const svg = document.createElementNS(SVG, "svg");
          svg.setAttribute("viewBox", "0 0 " + (POINTS - 1) + " 20"); svg.setAttribute("preserveAspectRatio", "none");
          svg.setAttribute("class", "spark"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label);
          const top = Math.max(1, ...series.flat());
          series.forEach((values, i) => {
            const at = (v, x) => (POINTS - values.length + x) + "," + (19 - v / top * 18).toFixed(2);
            const points = values.map(at).join(" ");
            if (i === 0 && values.length > 1) { const area = document.createElementNS(SVG, "polygon"); area.setAttribute("class", "area"); area.setAttribute("points", (POINTS - values.length) + ",20 " + points + " " + (POINTS - 1) + ",20"); svg.append(area); }
            const line = document.createElementNS(SVG, "polyline"); line.setAttribute("class", classes[i]); line.setAttribute("points", points); svg.append(line);
          });
          return svg;
        }
        const number = (value, label, format = whole) => el("td", {class: "n" + (value ? "" : " zero"), "data-k": label, text: format.format(value)});
        const chip = (text, kind = "") => el("span", {class: "chip " + kind, text});
        const place = item => item.vhost === "/" ? "" : " in " + visible(item.vhost);
        // Rows are kept by key and only changed, so that focus and selection stay where they are.
        function fill(tableId, items, key, cells, extra) {
          const body = $(tableId).tBodies[0], old = new Map([...body.querySelectorAll("tr.line")].map(row => [row.dataset.key, row]));
          const focused = document.activeElement, focusKey = focused?.closest?.("tr.line")?.dataset.key, focusIndex = focused?.dataset?.focus;
          const rows = items.flatMap(item => {
            const row = old.get(key(item)) || el("tr", {class: "line"});
            row.dataset.key = key(item); row.replaceChildren(...cells(item));
            return [row, ...(extra ? extra(item) : [])];
          });
          body.replaceChildren(...rows);
          if (focusKey !== undefined && focusIndex) [...body.querySelectorAll("tr.line")].find(row => row.dataset.key === focusKey)?.querySelector("[data-focus=" + focusIndex + "]")?.focus({preventScroll: true});
          const empty = $(tableId).parentElement.querySelector(".empty");
          if (empty) { empty.hidden = items.length > 0; $(tableId).hidden = items.length === 0; }
        }
        const count = (id, shown, all) => { $(id).textContent = shown < all ? whole.format(shown) + " of " + whole.format(all) : whole.format(all); };
        // The places of the rules, of those that are off too: the first that fires wins, so a switch must not move one.
        let order = [];
        function keepPlaces() {
          const armed = plan.rules.map(rule => rule.id), known = order.filter(id => armed.includes(id));
          if (known.length === armed.length && known.every((id, i) => id === armed[i])) return;
          // Another plan than the switches have made: its order, and what is off stays behind what it stood behind.
          const past = order; order = armed;
          past.forEach((id, i) => { if (off.has(id) && !armed.includes(id)) order.splice(order.findLastIndex(other => past.indexOf(other) >= 0 && past.indexOf(other) < i) + 1, 0, id); });
        }
        const inPlace = rules => rules.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
        function faults() {
          keepPlaces();
          const byId = new Map(report.rules.map(r => [r.id, r]));
          const rules = [...plan.rules.map(rule => ({rule, on: true, seen: byId.get(rule.id) || {}})), ...[...off.values()].map(rule => ({rule, on: false, seen: {}}))].sort((a, b) => order.indexOf(a.rule.id) - order.indexOf(b.rule.id));
          $("faults-count").textContent = plan.rules.length ? plan.rules.length + " armed" : "";
          $("disarm").hidden = !plan.rules.length;
          fill("faults-table", rules, r => r.rule.id, r => {
            const box = el("input", {type: "checkbox", role: "switch", "data-focus": "switch", "aria-label": "Rule " + visible(r.rule.id) + " is armed", onchange: () => flip(r.rule, box.checked)}); box.checked = r.on;
            const parameters = Object.entries(r.rule.fault).filter(([k]) => k !== "kind").map(([k, v]) => k + " " + v).join(", ");
            return [el("td", {}, el("span", {class: "switch"}, box)), el("td", {class: "name"}, el("span", {class: "strong", text: visible(r.rule.id)}), el("span", {class: "sub mono", text: visible(JSON.stringify(r.rule.match || {}))})),
              el("td", {}, chip(r.rule.fault.kind, r.seen.ended ? "" : "warn"), el("span", {class: "sub", text: visible(parameters)}), r.seen.ended ? chip("ended") : ""), number(r.seen.matched || 0, "Matched"), number(r.seen.fired || 0, "Fired")];
          });
        }
        // One switch after the other, each on the plan that the one before has left.
        let flipping = Promise.resolve();
        function flip(rule, on) {
          flipping = flipping.then(async () => {
            const others = plan.rules.filter(other => other.id !== rule.id), rules = on ? inPlace([...others, rule]) : others;
            try { plan = await call("PUT", "/_sim/faults", {seed: plan.seed || 0, rules}); if (on) off.delete(rule.id); else off.set(rule.id, rule); } catch (error) { say(problems(error)); }
            await refreshFaults();
          });
        }
        const problems = error => (error.details?.errors || []).map(e => (e.loc || []).slice(1).join(".") + " " + e.msg).join("\n") || error.message;
        $("disarm").addEventListener("click", async () => { try { await call("DELETE", "/_sim/faults"); off.clear(); } catch (error) { say(error.message); } refreshFaults(); });
        $("arm").addEventListener("click", async () => {
          try { await call("PUT", "/_sim/faults", JSON.parse($("plan").value)); off.clear(); $("plan-errors").textContent = ""; } catch (error) { $("plan-errors").textContent = problems(error); }
          refreshFaults();
        });
        // An answer that a later question has overtaken says what was so before a switch.
        let looks = 0;
        async function refreshFaults() { const look = ++looks; try { const found = await Promise.all([call("GET", "/_sim/faults"), call("GET", "/_sim/faults/report")]); if (look !== looks) return; [plan, report] = found; for (const rule of plan.rules) off.delete(rule.id); faults(); } catch (error) { say(error.message); } }
        function say(text, state) { $("status").textContent = text; $("dot").className = "dot " + (state || "lost"); }
        $("pause").addEventListener("click", () => { paused = !paused; $("pause").setAttribute("aria-pressed", String(paused)); $("pause").textContent = paused ? "Go on" : "Pause"; if (paused) say("paused", "held"); });
        // Who wants every entry of the journal, in order.
        const readers = [];
        let next = 0, told = 0, reading = new AbortController();
        // From the beginning, in another namespace.
        function reread() { next = told = 0; $("journal-list").replaceChildren(); reading.abort(); }
        async function journal() {
          for (;;) {
            try {
              reading = new AbortController();
              const page = await call("GET", "/_sim/journal?after=" + next + "&wait_ms=" + (next ? 25000 : 0) + "&limit=500", undefined, reading.signal);
              const isFirst = next === 0;
              // Its process has begun anew since.
              if (page.restarted) { reread(); continue; }
              next = page.next; told += page.entries.length;
              for (const entry of page.entries) for (const reader of readers) reader(entry);
              for (const entry of page.entries.slice(-300)) {
                const {seq, at_ms, event, namespace, ...rest} = entry;
                $("journal-list").prepend(el("li", {}, el("span", {class: "t", text: (at_ms / 1000).toFixed(2) + " s"}), el("span", {}, chip(event, event === "decision" ? "warn" : event === "armed" ? "main" : "")), el("span", {class: "d", text: visible((namespace ? namespace + " " : "") + JSON.stringify(rest)).slice(0, 600)})));
              }
              while ($("journal-list").children.length > 300) $("journal-list").lastChild.remove();
              $("journal-empty").hidden = told > 0; $("journal-count").textContent = next ? whole.format(next) : "";
              if (isFirst && !page.entries.length) await new Promise(done => setTimeout(done, 1000));
            } catch { if (!reading.signal.aborted) await new Promise(done => setTimeout(done, 2000)); }
          }
        }

        """#
}
