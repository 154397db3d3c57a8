import HoneyCore

extension LeafWriter {
    var dictionaryBytes: Int {
        guard let dictionary else { return 0 }
        return leaf.form.isStrings ? dictionary.stringBytes : dictionary.count * leaf.form.storedWidth
    }

    func encode(_ held: UnsafeRawPointer, _ count: Int) {
        guard let dictionary else { return }
        if indexCount + count > indexCapacity {
            let capacity = max(indexCapacity * 2, indexCount + count)
            let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
            larger.update(from: indexes, count: indexCount)
            indexes.deallocate()
            indexes = larger
            indexCapacity = capacity
        }
        let target = indexes + indexCount
        if leaf.form.isStrings {
            dictionary.encode(held.assumingMemoryBound(to: BytesView.self), count, into: target)
        } else {
            switch leaf.form.heldWidth {
            case 4: dictionary.encode(held.assumingMemoryBound(to: Int32.self), count, into: target)
            case 8: dictionary.encode(held.assumingMemoryBound(to: Int64.self), count, into: target)
            default: dictionary.encode(held.assumingMemoryBound(to: Int128.self), count, into: target)
            }
        }
        indexCount += count
    }

    /// Writes the page's values plain instead, when no page has indexes yet.
    func dropDictionary() {
        guard let dictionary else { return }
        let width = leaf.form.heldWidth
        let held = UnsafeMutableRawPointer.allocate(byteCount: max(indexCount * width, 1), alignment: 16)
        defer { held.deallocate() }
        DenseValues.gather(dictionary.entries, width, indexes, indexCount, held)
        addDictionaryBounds()
        usesDictionary = false
        let count = indexCount
        indexCount = 0
        appendPlain(held, count)
    }

    /// Finds the bounds of the strings that the page's indexes name.
    func addDictionaryBounds() {
        guard leaf.form.isStrings, let dictionary, indexCount > 0 else { return }
        usedEntries.removeAll(keepingCapacity: true)
        usedEntries.append(contentsOf: repeatElement(false, count: dictionary.count))
        let views = dictionary.entries.assumingMemoryBound(to: BytesView.self)
        var least = Int(indexes[0])
        var greatest = least
        usedEntries.withUnsafeMutableBufferPointer { used in
            for index in 0..<indexCount { used[Int(indexes[index])] = true }
            for entry in 0..<used.count where used[entry] {
                if BytesView.compare(views[entry], views[least]) < 0 { least = entry }
                if BytesView.compare(views[entry], views[greatest]) > 0 { greatest = entry }
            }
        }
        bounds.add(views + least, count: 1, form: leaf.form)
        bounds.add(views + greatest, count: 1, form: leaf.form)
    }
}
