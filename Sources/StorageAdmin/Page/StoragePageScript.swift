/// What the storage's page does beyond what all pages do (`AdminPage`). Whatever comes from outside becomes text, never
/// markup.
enum StoragePageScript {
    static let text = #"""
        const ROWS = 200;
        let view = null, requests = [], asked = 0, answered = 0, failed = 0, struck = 0, before = null;
        const byKey = new Map();
        const perSecond = (name, value) => { const rise = before ? Math.max(0, value - before[name]) : 0; return rise; };
        function tiles() {
          const s = view.state || {}, now = {asked, failed, struck};
          const list = [["Images", s.images || 0, remember("images", s.images || 0), "in"], ["Versions", s.versions || 0, remember("versions", s.versions || 0), "in"],
            ["Assets", s.assets || 0, remember("assets", s.assets || 0), "in"], ["Requests /s", perSecond("asked", asked), remember("asked", perSecond("asked", asked)), "out"],
            ["Errors /s", perSecond("failed", failed), remember("failed", perSecond("failed", failed)), "out"], ["Faults struck", struck, remember("struck", perSecond("struck", struck)), "out"]];
          before = now;
          $("tiles").replaceChildren(...list.map(([name, value, series, kind]) => el("div", {class: "tile"}, el("div", {class: "k", text: name}), el("div", {class: "v", text: whole.format(value)}), spark(series, [kind], name + ", last minute"))));
        }
        const ASSET = /\/api\/v2\/assets\/([0-9a-f]{64})$/;
        function picture(image) {
          const name = image.sha256 || (ASSET.exec(image.url) || [])[1];
          const frame = el("div", {class: "frame"});
          if (!name) { frame.append("elsewhere"); return frame; }
          const picture = el("img", {alt: "", loading: "lazy", src: "/_sim/storage/pictures/" + name + (namespace ? "?namespace=" + encodeURIComponent(namespace) : "")});
          picture.addEventListener("error", () => frame.replaceChildren("no picture"));
          frame.append(picture); return frame;
        }
        // An image that is shown stays as it is until it changes, so that its picture does not blink.
        function images() {
          count("images-count", view.images.length, view.images_total);
          const old = new Map([...$("images-list").children].map(item => [item.dataset.key, item]));
          $("images-list").replaceChildren(...view.images.map(image => {
            const key = [namespace, image.id, image.version, image.metadata.updated_at].join("\n");
            if (old.has(key)) return old.get(key);
            const item = el("li", {"data-key": key}, picture(image), el("div", {class: "about"}, el("span", {class: "strong", text: visible(image.name), title: visible(image.name)}), el("span", {class: "sub", text: visible(image.type + " · " + image.subtype + " · " + image.metadata.theme)}), el("span", {class: "sub", text: image.width + " × " + image.height + " " + visible(image.format) + ", " + whole.format(image.size) + " bytes"}), el("span", {class: "sub mono", text: visible(image.id), title: visible(image.id)}), image.version > 1 ? chip("version " + image.version, "main") : ""));
            return item;
          }));
          $("images-empty").hidden = view.images.length > 0;
        }
        readers.push(entry => {
          if ((entry.namespace || "") !== namespace) return;
          if (entry.event === "reset") { byKey.clear(); return; }
          if (entry.event === "request" && (entry.operation || entry.route) && !entry.routing_key) {
            const row = {seq: entry.seq, at: entry.at_ms, what: entry.operation || entry.route.replace(ASSET, (_, name) => "/api/v2/assets/" + name.slice(0, 12) + "…"), about: entry.image_id || entry.name || (entry.route ? "" : entry.type || entry.theme || ""), faults: [], answers: []};
            asked += 1; requests.unshift(row); byKey.set(entry.operation ? entry.operation_id : entry.route, row);
            if (requests.length > ROWS) requests.length = ROWS;
            if (byKey.size > 5000) byKey.clear();
          } else if (entry.event === "decision") {
            struck += 1;
            // A decision is written down right after the request that it is about.
            const row = requests.find(row => row.seq < entry.seq);
            if (row && row.seq === entry.seq - 1) row.faults.push(entry.kind);
          } else if (entry.event === "reply") {
            const row = byKey.get(entry.route || entry.operation_id), isError = entry.route ? !(entry.status < 400) : entry.status !== "success";
            if (isError) failed += 1; answered += 1;
            if (row) row.answers.push({text: entry.route ? (entry.status === undefined ? "connection reset" : String(entry.status)) : entry.code || entry.status || "unreadable", isError});
          }
        });
        function traffic() {
          $("traffic-count").textContent = whole.format(asked);
          fill("traffic-table", requests, row => String(row.seq), row => [
            el("td", {class: "muted", text: (row.at / 1000).toFixed(2) + " s"}), el("td", {class: "strong", text: visible(row.what), title: visible(row.what)}), el("td", {class: "mono", text: visible(row.about), title: visible(row.about)}),
            el("td", {}, ...row.faults.map(kind => chip(kind, "warn"))), el("td", {}, ...(row.answers.length ? row.answers.map(answer => chip(visible(answer.text), answer.isError ? "bad" : "main")) : [el("span", {class: "muted", text: "none yet"})]))]);
        }
        function namespaces() {
          const select = $("namespace"), names = ["", ...view.namespaces];
          if (namespace && !names.includes(namespace)) names.push(namespace);
          select.hidden = names.length === 1;
          if (names.join("\n") === [...select.options].map(option => option.value).join("\n")) return;
          select.replaceChildren(...names.map(name => el("option", {value: name, text: name || "default namespace"})));
          select.value = namespace;
        }
        $("namespace").addEventListener("change", () => {
          namespace = $("namespace").value; requests = []; asked = answered = failed = struck = 0; before = null; byKey.clear(); history.clear(); off.clear();
          reread(); refresh(); refreshFaults();
        });
        async function refresh() {
          try {
            view = await call("GET", "/_sim/storage/view");
            $("url").textContent = view.state ? view.state.url : "";
            tiles(); images(); traffic(); namespaces(); forget();
            document.title = "Storage (" + whole.format(view.images_total) + ")";
            if (view.state && !view.state.consuming) say("not on the hub", "held"); else say("live, every second", "live");
          } catch (error) { say("no answer: " + error.message); }
        }
        async function tick() { if (!paused && !document.hidden) await Promise.all([refresh(), refreshFaults()]); setTimeout(tick, 1000); }
        tick(); journal();
        """#
}
