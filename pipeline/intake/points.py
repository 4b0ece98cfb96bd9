"""What is said to the analyst about one cell: the rule, in Chinese and English, what was seen, what was expected, what to do.

Here: rules of reading with their sentences. Not here: rules over several files (settling.py), refusals of a whole file (refusals.py).
A rule's name is the true statement that the cell breaks.
"""

from __future__ import annotations

from pipeline.intake.records import Rejection, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES: dict[str, tuple[Severity, str, str]] = {
    # -- single numbers
    "number_is_readable": (
        ERROR,
        "“{text}”读不出数量。此格是{what}，应填数字（单位：{unit}），请改正",
        "“{text}” is no quantity. This cell is {what_en} and takes a number in {unit}; please correct it",
    ),
    "digits_are_not_masked": (
        ERROR,
        "“{text}”的数字被隐去，按缺失处理。请填写{what}的实际数字（单位：{unit}）",
        "digits of “{text}” are masked, so it counts as missing. Please write the number of {what_en} in {unit}",
    ),
    "number_is_not_lost": (
        ERROR,
        "“{text}”只剩单位、没有数字，按缺失处理（不是 0）。请补填{what}的数字",
        "“{text}” has a unit but no number; it counts as missing, not as 0. Please add the number of {what_en}",
    ),
    "number_is_written": (
        ERROR,
        "“{text}”没有具体数字。请填写{what}的数字（单位：{unit}），确实没有请填 0",
        "“{text}” gives no number. Please write the number of {what_en} in {unit}, or 0 if there was none",
    ),
    "value_does_not_refer_above": (
        ERROR,
        "“{text}”不会替您抄上一格。请在此格写出{what}的数字",
        "“{text}” is never copied down. Please write the number of {what_en} in this cell",
    ),
    "number_is_of_its_column": (
        ERROR,
        "“{text}”里的“{seen}”是{other}，不是{what}，没有载入。请另填在相应的列",
        "“{seen}” in “{text}” is {other_en}, not {what_en}; not loaded. Please write it in a column of its own",
    ),
    "answer_is_given": (
        WARNING,
        "此格写明“{text}”，{what}尚欠报，请补报",
        "“{text}”: {what_en} is still owed; please report it",
    ),
    "cell_has_no_error": (
        ERROR,
        "单元格是错误值 {text}，没有载入。请改正公式或直接填写数字",
        "the cell holds the error {text} and was not loaded. Please repair the formula or type the number",
    ),
    "formula_has_a_result": (
        ERROR,
        "单元格是没有计算结果的公式 {text}，没有载入。请用 WPS 或 Excel 打开、保存一次，或直接填写数字",
        "the cell holds a formula without a result ({text}) and was not loaded. Open and save the file in WPS or Excel, or type the number",
    ),
    "unit_fits_the_column": (
        ERROR,
        "“{text}”的单位“{seen}”不是{what}的单位（应为{unit}），没有载入。请核对数字是否填错列，或改正单位",
        "“{text}” is in {seen}, which is no unit of {what_en} (expected {unit}); not loaded. Check the column, or correct the unit",
    ),
    "unit_agrees_with_the_heading": (
        WARNING,
        "“{text}”的单位“{seen}”与表头的“{unit}”不同，已按“{seen}”单独记，不与“{unit}”相加。请确认单位",
        "“{text}” is in {seen} but the heading says {unit}; kept in {seen} and not added to the others. Please confirm the unit",
    ),
    "cell_states_one_number": (
        WARNING,
        "“{text}”里的“{seen}”没有载入：这一列只收{what}。请另填在相应的列",
        "“{seen}” in “{text}” was not loaded: this column takes {what_en} only. Please write it in a column of its own",
    ),
    "count_fits_the_multiplier": (
        ERROR,
        "“{text}”按表头的“{unit_written}”要再乘以 {factor}，得 {amount}，数量级不可信，没有载入。表头已含“万”时格内只填万数，例如 3000 填 0.3",
        "“{text}” under {unit_written} would be {amount}, beyond belief; not loaded. Under a heading in ten thousands, write 0.3 for 3000",
    ),
    "amount_fits_the_multiplier": (
        WARNING,
        "“{text}”按“{unit_written}”载入，得 {amount} 元，数额很大。请确认没有把“元”填进“万元”栏",
        "“{text}” was loaded in {unit_written}, that is {amount} yuan. Please confirm that it is not in plain yuan",
    ),
    "unit_is_stated": (
        ERROR,
        "{what}没有写单位，可能是{units}，没有载入。请在表头或格内写明单位",
        "{what_en} has no unit and could be in {units}; not loaded. Please state the unit in the heading or the cell",
    ),
    "amount_states_its_unit": (
        WARNING,
        "{what}没有写金额单位，已按“元”载入。如为万元请在表头注明",
        "{what_en} states no unit and was read in yuan. If it is 万元, please say so in the heading",
    ),
    "number_stands_in_one_row": (
        ERROR,
        "“{text}”合并在 {count} 行里，看不出各行各是多少，没有载入。请取消合并，逐行填写",
        "“{text}” is merged over {count} rows and cannot be told apart; not loaded. Please unmerge it and fill in each row",
    ),
    "row_is_no_sum_of_others": (
        WARNING,
        "“{text}”一行的各数正好是其他行相加，已按合计处理，没有载入。请把名称改为“合计”；如果确是该单位自己的数，请另起一表填报",
        "the numbers of “{text}” are exactly those of other rows added up; taken for their total and not loaded. Please call it 合计, or, "
        "if they are its own, report them in a table of their own",
    ),
    "rows_are_told_apart": (
        WARNING,
        "本行与前面一行都是“{subject}”{period} 的数，数字却不同，无法判断以哪个为准。请合并为一行，或写明两行的区别（时间、单位、种类）",
        "this row and an earlier one give different numbers of {subject} for {period}. Please make them one row, or say what tells them apart",
    ),
    # -- headings and tables
    "heading_is_known": (
        ERROR,
        "不认识列名“{text}”，该列 {count} 个数没有载入。{nearest}请改用规定列名",
        "unknown heading “{text}”; its {count} numbers were not loaded. {nearest_en}Please use a known heading",
    ),
    "text_heading_is_known": (
        NOTE,
        "不认识列名“{text}”，该列文字未使用",
        "unknown heading “{text}”; its texts were not used",
    ),
    "item_is_a_heading": (
        ERROR,
        "本行的数是“{text}”，不能按“{nearest}”列载入。请把各项目写成列名，每个单位一行",
        "the number of this row is of “{text}” and cannot be loaded as “{nearest}”; please make the items headings, with a row a unit",
    ),
    "heading_is_unambiguous": (
        ERROR,
        "列名“{text}”与“{nearest}”指同一个数，无法区分，两列都没有载入。请写清区别（例如资料种类），或只留一列",
        "headings “{text}” and “{nearest}” claim the same number; neither was loaded. Please tell them apart, or keep one",
    ),
    "heading_unit_fits": (
        ERROR,
        "列名“{text}”的单位与该项不符，该列没有载入。请核对列名和单位",
        "the unit in the heading “{text}” does not fit what it counts; the column was not loaded. Please check heading and unit",
    ),
    "heading_is_spelled_as_known": (
        WARNING,
        "列名“{text}”按“{nearest}”读入，请确认",
        "the heading “{text}” was read as “{nearest}”; please confirm",
    ),
    "column_has_a_heading": (
        ERROR,
        "该列没有列名，{count} 个数没有载入。请补写列名",
        "the column has no heading; its {count} numbers were not loaded. Please add one",
    ),
    "form_is_known": (
        ERROR,
        "认不出这是哪种表，{count} 个数没有载入。{nearest}请核对表头",
        "no form fits this table; its {count} numbers were not loaded. {nearest_en}Please check the headings",
    ),
    "typed_prevented_loss_is_not_a_fact": (
        WARNING,
        "“{text}”的口径各行可能不同，不直接采用；挽损由劝阻、止付、冻结、返还各列重新计算。{compared}请确认这些列已填写",
        "“{text}” may add up differently in every row and is not used; prevented loss is computed from its graded parts. {compared_en}Please "
        "fill those in",
    ),
    "typed_rate_is_the_counted_one": (
        WARNING,
        "“{heading}”填 {text}，按本行{part_zh} {part} ÷ {whole_zh} {whole} 计算为 {computed}。率由系统计算；请核对这三个数",
        "“{heading}” says {text}; this row's {part_en} {part} ÷ {whole_en} {whole} gives {computed}. We compute rates ourselves; please check "
        "all three",
    ),
    "part_is_not_added_to_its_whole": (
        NOTE,
        "“{text}”是其中数，总数已载入，不再重复计入",
        "“{text}” is part of a number that was loaded whole; it is not counted again",
    ),
    # -- whose and when
    "row_has_a_subject": (
        ERROR,
        "本行没有单位名称，{count} 个数没有载入。空格和“同上”不会沿用上一行，请补填单位",
        "this row names no unit; its {count} numbers were not loaded. Blanks are never filled from above; please write the unit",
    ),
    "sheet_names_its_subject": (
        ERROR,
        "表中没有单位列，也没有“填报单位”，{count} 个数没有载入。请补写填报单位",
        "neither a unit column nor 填报单位 says whose numbers these are; {count} were not loaded. Please add 填报单位",
    ),
    "names_have_a_known_heading": (
        WARNING,
        "“{text}”不是规定的单位列名，已把该列当作单位名称（如“{example}”），各行按此载入。请确认，并把列名改为“单位”",
        "“{text}” is no known heading of units; its texts (such as “{example}”) were taken as their names. Please confirm and call it 单位",
    ),
    "subject_is_named_beside_the_title": (
        WARNING,
        "表中没有单位列，也没有“填报单位”，已按标题里的“{text}”载入。请确认，并补写填报单位",
        "neither a unit column nor 填报单位 says whose numbers these are; loaded for “{text}” of the title. Please confirm and add 填报单位",
    ),
    "period_is_stated": (
        ERROR,
        "看不出这张表是哪一段时间的：{why}。{count} 个数没有载入",
        "the period of this table is not certain: {why_en}. {count} numbers were not loaded",
    ),
    "row_date_is_readable": (ERROR, "{why}。本行没有载入", "{why_en}. The row was not loaded"),
    "heading_period_is_readable": (
        ERROR,
        "“{text}”是哪一段时间不能确定：{why}。该列没有载入",
        "which time “{text}” means is not certain: {why_en}. The column was not loaded",
    ),
    "row_has_a_date": (
        WARNING,
        "本行没有日期，已按整张表的时间（{period}）载入。请补填日期",
        "this row has no date and was loaded under the sheet's period ({period}). Please add the date",
    ),
    "date_is_inside_the_sheet_period": (
        WARNING,
        "“{text}”不在本表时间（{period}）之内，已按该日期载入。请确认",
        "“{text}” is outside the sheet's period ({period}); loaded under its own date. Please confirm",
    ),
    "year_is_written": (
        NOTE,
        "时间“{text}”没有写年份，按{source}取 {year} 年",
        "“{text}” has no year; {year} was taken from {source_en}",
    ),
    "sheet_name_agrees_with_its_period": (
        ERROR,
        "工作表名“{text}”与表内时间（{period}）矛盾，整张表没有载入。请改正其中一处",
        "the sheet's name “{text}” contradicts the period in it ({period}); nothing of it was loaded. Please correct one of them",
    ),
    "title_agrees_with_the_period_line": (
        ERROR,
        "标题时间与统计时间“{text}”矛盾（{period}），整张表没有载入。请改正其中一处",
        "title and 统计时间 “{text}” contradict one another ({period}); nothing was loaded. Please correct one of them",
    ),
    "line_states_the_period": (
        WARNING,
        "时间一行“{text}”在标题所写时间（{period}）之后，按制表日期理解，各数按标题的时间载入。请确认，并把该行写成“制表时间”",
        "the line “{text}” lies behind the title's time ({period}); it was read as the day the table was made. Please confirm and call it 制表时间",
    ),
    "population_states_its_year": (
        WARNING,
        "人口数没有写明年份。请在标题写明，例如“2025年末”",
        "the population has no year. Please say it in the title, e.g. 2025年末",
    ),
    # -- totals and comparisons
    "total_equals_its_parts": (
        WARNING,
        "“{label}”填 {typed}，各行相加是 {computed}（{n} 行有数、{missing} 行缺）。{hint}请核对",
        "“{label}” says {typed}, its rows add up to {computed} ({n} rows with a number, {missing} without). {hint_en}Please check",
    ),
    "total_adds_one_kind": (
        WARNING,
        "“{label}”把人、人次、户或“辐射”数加在一起，不能核对，也不采用",
        "“{label}” adds persons, person-occasions, households or claims; it cannot be checked and is not used",
    ),
    "change_of_a_count_is_a_percentage": (
        WARNING,
        "“{text}”用百分点表示数量的变化。数量的变化应写百分比；本系统自行计算",
        "“{text}” gives the change of a count in percentage points; it should be a percentage. We compute it ourselves",
    ),
    "numbers_have_headings": (
        ERROR,
        "从这里起有 {count} 个数认不出表头，没有载入。请在它们上方写一行列名（单位、宣传单……）",
        "from here on {count} numbers stand under no headings that are known; not loaded. Please write a row of headings above them",
    ),
    "comparison_word_is_a_ratio": (NOTE, "“{text}”未采用，由系统重新计算", "“{text}” is not used; it is computed"),
    "zero_report_is_said": (NOTE, "本表为零报告", "this is a zero report"),
    "zero_report_says_whose_and_when": (
        WARNING,
        "“{text}”：看不出是哪个单位、哪段时间的零报告，没有计为已报。请写明填报单位和统计时间",
        "“{text}”: it is not clear whose zero report this is, or of which period; not counted as a report. State 填报单位 and 统计时间",
    ),
}

MISSING_RULES = {
    "unreadable": "number_is_readable",
    "masked_digits": "digits_are_not_masked",
    "number_lost": "number_is_not_lost",
    "no_number": "number_is_written",
    "tick_only": "number_is_written",
    "see_elsewhere": "number_is_written",
    "claim_without_measure": "number_is_written",
    "refers_above": "value_does_not_refer_above",
    "not_reported": "answer_is_given",
}
"""Reason of a missing number → the rule it breaks. Blank, dash, not_applicable and stated_none break none."""


def point(rule: str, sheet: str, cell: str, *, text: str = "", suggestion: str = "", **details: object) -> Rejection:
    """A point under a rule; `details` fill its sentences. `text` must already be masked."""
    severity, zh, en = RULES[rule]
    values = {"text": text, **details}
    return Rejection(sheet, cell, severity.value, rule, zh.format(**values), text, suggestion, en.format(**values))
