/// The sections that all pages have, with the elements that the common script counts on.
enum PageMarkup {
    /// The armed faults and the journal. `/*PLAN*/` is the plan that is offered to begin with.
    static let faultsAndJournal = #"""
        <div class="pair">
        <section id="faults" aria-labelledby="faults-title">
          <div class="head"><h2 id="faults-title">Faults <span class="count" id="faults-count"></span></h2><button id="disarm" type="button">Disarm all</button></div>
          <div class="card"><table id="faults-table"><thead><tr><th scope="col">Armed</th><th scope="col">Rule</th><th scope="col">Fault</th><th scope="col" class="n">Matched</th><th scope="col" class="n">Fired</th></tr></thead><tbody></tbody></table><p class="empty" hidden>No fault is armed: everything goes as it should.</p>
            <details><summary>Arm a plan</summary>
              <label for="plan">Fault plan, as JSON</label>
              <textarea id="plan" rows="9" spellcheck="false" class="mono">/*PLAN*/</textarea>
              <p id="plan-errors" class="errors" role="alert"></p>
              <button id="arm" type="button" class="main">Arm this plan</button>
            </details></div>
        </section>
        <section id="journal" aria-labelledby="journal-title">
          <div class="head"><h2 id="journal-title">Journal <span class="count" id="journal-count"></span></h2><span class="muted">newest first, live</span></div>
          <div class="card"><ol id="journal-list" class="journal mono" tabindex="0" aria-label="Journal, newest first"></ol><p class="empty" id="journal-empty">Nothing has been written down yet.</p></div>
        </section>
        </div>
        """#
}
