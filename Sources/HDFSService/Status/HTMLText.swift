/// Pieces of HTML for status pages: everything that comes from outside is escaped.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    static func document(title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(escaped(title))</title><style>
        body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #faf8f2; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p.sub { color: #777; margin: .2rem 0 1.2rem }
        .cards { display: flex; flex-wrap: wrap; gap: .8rem } .card { background: #fff; border: 1px solid #e6e0d0; border-radius: 8px; padding: .7rem 1rem; min-width: 9rem }
        .card b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums } .card span { color: #777 }
        .warn { background: #fff3d6; border: 1px solid #e8c66a; border-radius: 8px; padding: .7rem 1rem; margin: 1rem 0 }
        .bad b { color: #b3261e } table { border-collapse: collapse; background: #fff; width: 100%; border: 1px solid #e6e0d0 }
        th, td { text-align: left; padding: .4rem .7rem; border-top: 1px solid #eee8da; font-variant-numeric: tabular-nums }
        th { border: 0; color: #777; font-weight: 600 } td.n, th.n { text-align: right }
        .bar { background: #eee8da; border-radius: 4px; height: .6rem; min-width: 6rem } .bar i { display: block; height: 100%; background: #d99a1c; border-radius: 4px }
        dl { display: grid; grid-template-columns: max-content auto; gap: .2rem 1rem; margin: 0 } dt { color: #777 } dd { margin: 0; overflow-wrap: anywhere }
        </style></head><body>
        \(body)
        </body></html>

        """
    }

    static func card(_ name: String, _ value: String, isBad: Bool = false) -> String {
        "<div class=\"card\(isBad ? " bad" : "")\"><b>\(escaped(value))</b><span>\(escaped(name))</span></div>"
    }

    static func facts(_ facts: [(String, String)]) -> String {
        "<dl>" + facts.map { "<dt>\(escaped($0.0))</dt><dd>\(escaped($0.1))</dd>" }.joined() + "</dl>"
    }

    static func bar(_ part: UInt64, of whole: UInt64) -> String {
        let percent = whole == 0 ? 0 : min(100, Double(part) / Double(whole) * 100)
        return "<div class=\"bar\"><i style=\"width:\((percent * 10).rounded() / 10)%\"></i></div>"
    }
}
