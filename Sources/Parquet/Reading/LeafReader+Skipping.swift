import HoneyCore

extension LeafReader {
    /// Steps over rows of a leaf whose entries are rows, by whole pages where that is possible.
    func skipRows(_ count: Int) throws {
        let target = rowsPassed + count
        while rowsPassed < target {
            guard try reachPage() else { throw LeafReader.tooFewRows() }
            if try jump(towards: target) { continue }
            let run = min(target - rowsPassed, entriesLeft)
            if run == entriesLeft { try dropPage() } else { try skipEntries(run) }
            rowsPassed += run
        }
    }

    /// Goes to the page that holds a row, when it is known to be a later one than that at hand.
    ///
    /// The page at hand has been reached, so that the chunk's dictionary has been read.
    func jump(towards row: Int) throws -> Bool {
        guard let offsetIndex else { return false }
        let page = offsetIndex.pages[offsetIndex.page(of: row)]
        // Within the page at hand and the next one nothing is won.
        guard page.firstRow > rowsPassed + entriesLeft else { return false }
        try dropPage()
        try pages?.seek(to: page.offset)
        rowsPassed = page.firstRow
        return true
    }

    /// Says that rows up to `end` are wanted next, so that no more of the file is read ahead.
    func want(rowsBefore end: Int) {
        guard let offsetIndex, let pages, end > 0 else { return }
        let page = offsetIndex.pages[offsetIndex.page(of: end - 1)]
        pages.wantedEnd = page.offset + page.byteCount
    }

    private func skipEntries(_ count: Int) throws {
        guard isOptional else {
            try takeEntries(count)
            return try skipValues(count)
        }
        let scratch = Bitmap(count: Batch.targetRows, repeating: false)
        var left = count
        while left > 0 {
            let run = min(left, Batch.targetRows)
            scratch.words.update(repeating: 0, count: Bitmap.wordCount(for: run))
            try skipValues(readPresence(run, into: scratch.words, at: 0))
            left -= run
        }
    }
}
