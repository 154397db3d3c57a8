import HoneyCore
import HoneyStorage

extension LeafReader {
    /// Decodes the page's next `count` values, or the chosen ones among them, after those that are there.
    func readValues(
        _ count: Int, chosen: UnsafePointer<Int32>? = nil, chosenCount: Int? = nil, into dense: inout DenseValues
    ) throws {
        try placed {
            if let chosen {
                // Runs are never longer than one call decodes where rows are chosen.
                return try decode(count, chosen: chosen, chosenCount: chosenCount ?? 0, into: &dense)
            }
            var left = count
            while left > 0 {
                let run = min(left, PageValues.mostAtOnce)
                try decode(run, chosen: nil, chosenCount: run, into: &dense)
                left -= run
            }
        }
    }

    /// Steps over the page's next `count` values.
    func skipValues(_ count: Int) throws { try placed { try values.skip(count) } }

    func decode(
        _ count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int, into dense: inout DenseValues
    ) throws {
        if chosenCount == 0 { return try values.skip(count) }
        if values.hasIndexes { return try gather(count, chosen, chosenCount, &dense) }
        let width = type.physical.width
        if conversion.isCopy {
            let target = dense.room(chosenCount, width)
            try values.decode(count, chosen: chosen, chosenCount: chosenCount, into: target, owners: &dense.owners)
            dense.count += chosenCount
            return
        }
        // Where most are chosen, converting all in place is quicker than moving the chosen ones together first.
        if chosen == nil || chosenCount > count / 2, let start = try values.take(count) {
            guard let chosen else { return try append(start, chosenCount, &dense) }
            return try append(start, count, chosen, chosenCount, &dense)
        }
        try values.requireRoom(for: chosenCount)
        let raw = Buffer(capacity: chosenCount * values.rawWidth + 16)
        try values.decode(count, chosen: chosen, chosenCount: chosenCount, into: raw.base, owners: &dense.owners)
        try append(raw.base, chosenCount, &dense, owner: raw)
    }

    /// Converts values and appends them.
    private func append(
        _ raw: UnsafeRawPointer, _ count: Int, _ dense: inout DenseValues, owner: Buffer? = nil
    ) throws {
        let target = dense.room(count, type.physical.width)
        let result = try conversion.convert(raw, count: count, page: owner ?? values.owner, into: target)
        dense.owners.append(contentsOf: result.owners)
        if let validity = result.validity { dense.lose(validity, count: count) }
        dense.count += count
    }

    /// Converts values and appends the chosen ones.
    private func append(
        _ raw: UnsafeRawPointer, _ count: Int, _ chosen: UnsafePointer<Int32>, _ chosenCount: Int,
        _ dense: inout DenseValues
    ) throws {
        let width = type.physical.width
        try withUnsafeTemporaryAllocation(byteCount: max(count, 1) * width, alignment: 16) { all in
            let result = try conversion.convert(raw, count: count, page: values.owner, into: all.baseAddress!)
            let target = dense.room(chosenCount, width)
            DenseValues.gather(all.baseAddress!, width, chosen, chosenCount, target)
            dense.owners.append(contentsOf: result.owners)
            if let validity = result.validity { dense.lose(validity, at: chosen, count: chosenCount) }
            dense.count += chosenCount
        }
    }

    /// Reads indexes and picks the dictionary's values.
    private func gather(
        _ count: Int, _ chosen: UnsafePointer<Int32>?, _ chosenCount: Int, _ dense: inout DenseValues
    ) throws {
        guard let dictionary else { throw PageValues.tooFew() }
        try values.readIndexes(count, into: indexes)
        var source = UnsafePointer(indexes)
        if let chosen {
            for index in 0..<chosenCount { picked[index] = indexes[Int(chosen[index])] }
            source = UnsafePointer(picked)
        }
        var highest: UInt32 = 0
        for index in 0..<chosenCount { highest = max(highest, UInt32(bitPattern: source[index])) }
        guard chosenCount == 0 || Int(highest) < dictionary.count else {
            throw HoneyError.damaged("index \(highest) is outside of a dictionary of \(dictionary.count) values")
        }
        let target = dense.room(chosenCount, type.physical.width)
        DenseValues.gather(dictionary.data.base, type.physical.width, source, chosenCount, target)
        if let validity = dictionary.validity { dense.lose(validity, at: source, count: chosenCount) }
        dense.share(dictionary)
        dense.count += chosenCount
    }
}
