"""PDF of an invoice or credit note, with the fonts it needs inside: Roboto, for Latin, Greek and Cyrillic names."""

from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Literal

from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, TextEmphasis, XPos, YPos

from functions.accounting.document import Document
from functions.accounting.printed import Printed, printed

_INK, _GREY, _RULE = (29, 35, 39), (92, 103, 112), (223, 227, 230)
_SIZE = 9
_LINE = 4.6
"""Height of a line of text, in mm."""


def pdf(document: Document) -> bytes:
    """Return the file; the same document gives the same bytes."""
    page = printed(document)
    paper = _Paper(page)
    paper.set_creation_date(datetime.combine(document.issued_on or document.supplied_on, time(), UTC))
    paper.head()
    paper.blocks()
    paper.goods()
    paper.taxes()
    paper.totals()
    paper.remarks()
    return bytes(paper.output())


class _Paper(FPDF):
    """A page with margins of 18 mm, in millimetres."""

    def __init__(self, page: Printed) -> None:
        super().__init__(format="letter" if page.paper == "letter" else "a4")
        self.page_of = page
        self.set_margin(18)
        self.set_auto_page_break(True, 20)
        fonts = Path(str(files("font_roboto"))) / "files"
        self.add_font("Roboto", "", fonts / "Roboto-Regular.ttf")
        self.add_font("Roboto", "B", fonts / "Roboto-Medium.ttf")
        self.set_title(f"{page.title} {page.number}".strip())
        self.set_lang(page.locale)
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """Print what the page belongs to, and its number."""
        self.set_y(-14)
        self._font(8, _GREY)
        self.cell(0, 4, f"{self.page_of.title} {self.page_of.number}".strip())
        self.set_x(self.l_margin)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align=Align.R)

    def head(self) -> None:
        """Print title and number, and who sells."""
        top = self.get_y()
        half = self.epw / 2
        self._font(20, _INK, bold=True)
        self.multi_cell(half, 9, self.page_of.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._font(11, _GREY)
        self.multi_cell(half, 6, self.page_of.number, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        left = self.get_y()
        self.set_y(top)
        self._lines(self.page_of.seller, self.l_margin + half, half, Align.R)
        self.set_y(max(left, self.get_y()) + 3)
        self._rule(_INK, 0.5)
        self.ln(6)

    def blocks(self) -> None:
        """Print who is billed, where it went, and dates and references."""
        top, width = self.get_y(), self.epw / 3
        ends = []
        for number, (name, lines) in enumerate((("Bill to", self.page_of.bill_to), ("Ship to", self.page_of.ship_to))):
            self.set_xy(self.l_margin + number * width, top)
            self._font(8, _GREY, bold=True)
            self.cell(width, _LINE, name, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self._lines(lines, self.l_margin + number * width, width - 5, Align.L, bold=number == 0)
            ends.append(self.get_y())
        self.set_y(top)
        for name, value in self.page_of.facts:
            self.set_x(self.l_margin + 2 * width)
            self._font(8, _GREY)
            self.cell(width, _LINE - 0.6, name, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self._lines([value], self.l_margin + 2 * width, width, Align.L, bold=False)
        self.set_y(max(*ends, self.get_y()) + 7)

    def goods(self) -> None:
        """Print what is charged."""
        self._table(self.page_of.headings, self.page_of.rows, (44, 24, 17, 24, 16, 22, 25), self.epw, first_figure=2)
        self.ln(7)

    def taxes(self) -> None:
        """Print base and tax of each rate."""
        widths = (38, 16, 26, 24, 28)[: len(self.page_of.tax_headings)]
        self._table(self.page_of.tax_headings, self.page_of.tax_rows, widths, self.epw * sum(widths) / 172, 1)
        self.ln(5)

    def totals(self) -> None:
        """Print what it comes to."""
        width = 75.0
        if self.will_page_break(8 * len(self.page_of.totals)):
            self.add_page()
        for number, (name, value) in enumerate(self.page_of.totals):
            last = number == len(self.page_of.totals) - 1
            self.set_x(self.l_margin + self.epw - width)
            if last:
                self.set_draw_color(*_INK)
                self.set_line_width(0.5)
                self.line(self.get_x(), self.get_y() + 0.6, self.get_x() + width, self.get_y() + 0.6)
                self.ln(1.4)
                self.set_x(self.l_margin + self.epw - width)
            self._font(11 if last else _SIZE, _INK, bold=last)
            self.cell(width / 2, 6, name)
            self.cell(width / 2, 6, value, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(8)

    def remarks(self) -> None:
        """Print reasons and terms."""
        self._rule(_RULE, 0.2)
        self.ln(3)
        for remark in self.page_of.remarks:
            self._font(_SIZE, _GREY)
            self.multi_cell(0, _LINE, remark, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(1)

    def _font(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _lines(self, lines: list[str], x: float, width: float, align: Align, *, bold: bool = True) -> None:
        for number, line in enumerate(lines):
            self.set_x(x)
            self._font(_SIZE, _INK, bold=bold and number == 0)
            self.multi_cell(width, _LINE, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _rule(self, colour: tuple[int, int, int], width: float) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())

    def _table(
        self, headings: list[str], rows: list[list[str]], widths: tuple[int, ...], width: float, first_figure: int
    ) -> None:
        self._font(_SIZE - 0.5, _INK)
        self.set_draw_color(*_RULE)
        self.set_line_width(0.2)
        align: tuple[Literal["LEFT", "RIGHT"], ...] = tuple(
            "LEFT" if number < first_figure else "RIGHT" for number in range(len(headings))
        )
        with self.table(
            width=width,
            col_widths=widths,
            align=Align.L,
            text_align=align,
            line_height=_LINE,
            padding=(1.1, 0.8, 1.1, 0.8),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis=TextEmphasis.B),
        ) as table:
            for row in [headings, *rows]:
                table.row(row)
