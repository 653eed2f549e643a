/// The page's structure. Its lists and tables are filled by the script.
enum StoragePageMarkup {
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Storage</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='2' y='3' width='12' height='10' rx='2' fill='%234f46e5'/%3E%3Cpath d='M3.5 11.5l3-4 2.5 3 1.5-2 2 3z' fill='%23fff'/%3E%3C/svg%3E">
        <style>/*STYLE*/</style>
        </head>
        <body>
        <a class="skip" href="#images">Skip to the images</a>
        <header class="top">
          <div class="brand">
            <svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><rect x="1.5" y="2.5" width="13" height="11" rx="2" fill="none"/><path d="M3 12l3.4-4.6L9 10.6l1.6-2L13 12z" stroke="none"/><circle cx="11" cy="5.6" r="1.2" stroke="none"/></svg>
            <div><h1>Storage</h1><p id="url" class="mono muted"></p></div>
          </div>
          <div class="status"><span id="dot" class="dot" aria-hidden="true"></span><span id="status" role="status">connecting …</span>
            <select id="namespace" aria-label="Namespace"><option value="">default namespace</option></select>
            <button id="pause" type="button" aria-pressed="false">Pause</button></div>
        </header>
        <nav aria-label="Sections"><a href="#images">Images</a><a href="#traffic">Traffic</a><a href="#faults">Faults</a><a href="#journal">Journal</a><!--HUB--></nav>
        <main>
        <section class="tiles" id="tiles" aria-label="Totals"></section>
        <section id="images" aria-labelledby="images-title">
          <div class="head"><h2 id="images-title">Images <span class="count" id="images-count"></span></h2><span class="muted">newest first</span></div>
          <div class="card"><ul id="images-list" class="images"></ul><p class="empty" id="images-empty">No image yet. What a client creates appears here.</p></div>
        </section>
        <section id="traffic" aria-labelledby="traffic-title">
          <div class="head"><h2 id="traffic-title">Traffic <span class="count" id="traffic-count"></span></h2><span class="muted">requests on the hub and to the asset API, newest first, live</span></div>
          <div class="card traffic" tabindex="0" role="region" aria-label="Traffic, newest first"><table id="traffic-table"><thead><tr><th scope="col">Time</th><th scope="col">Request</th><th scope="col">About</th><th scope="col">What went wrong</th><th scope="col">Answer</th></tr></thead><tbody></tbody></table><p class="empty" hidden>Nobody has asked for anything yet.</p></div>
        </section>
        <!--FAULTS AND JOURNAL-->
        </main>
        <footer class="muted">A simulated storage. <a href="/_sim/state">State</a> · <a href="/_sim/faults/report">Report of the faults</a></footer>
        <script>/*SCRIPT*/</script>
        </body>
        </html>
        """#

    /// The plan of faults that the page offers.
    static let plan = #"""
        {"seed": 1, "rules": [
          {"id": "some-fail", "match": {"operation": "*"}, "chance": "1/4",
           "fault": {"kind": "error", "code": "INTERNAL_ERROR"}}]}
        """#
}
