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
        let index = offsetIndex.page(of: row)
        guard index > offsetIndex.page(of: rowsPassed) else { return false }
        let page = offsetIndex.pages[index]
        try dropPage()
        try pages?.seek(to: page.offset)
        pages?.wantedEnd = wantedEnd
        rowsPassed = page.firstRow
        return true
    }

    /// Says which rows are wanted next, so that no more of the file is read ahead.
    func want(_ rows: Range<Int>) {
        guard let offsetIndex, !rows.isEmpty else { return }
        let last = offsetIndex.pages[offsetIndex.page(of: rows.upperBound - 1)]
        wantedEnd = last.offset + last.byteCount
        // What lies between the page at hand and theirs is not wanted: there, the end is set on the jump.
        if offsetIndex.page(of: rows.lowerBound) == offsetIndex.page(of: rowsPassed) { pages?.wantedEnd = wantedEnd }
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
